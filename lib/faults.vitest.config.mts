import { defineConfig } from 'vitest/config';

/** Long tests of what happens when things go wrong: `npm run test:faults`. */
export default defineConfig({
  test: {
    include: ['**/*.faults.test.ts'],
    exclude: ['dist/**', 'node_modules/**'],
    reporters: ['verbose'],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    // Files one after another: each uses the machine for itself.
    fileParallelism: false,
  },
});
