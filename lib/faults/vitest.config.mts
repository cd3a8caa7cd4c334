import { defineConfig } from 'vitest/config';
import base from '../vitest.config.mjs';

/**
 * Tests that break what the library stands on (killed processes, restarted servers, hostile input) and
 * take minutes: npm run test:faults.
 */
export default defineConfig({
  test: {
    ...base.test,
    include: ['**/*.faults.test.ts'],
    exclude: ['dist/**', 'node_modules/**'],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    // One at a time: each has processes of its own, and waits for nothing longer than they need.
    fileParallelism: false,
  },
});
