import { defineConfig } from 'vitest/config';
import base from '../vitest.config.mjs';

/** Tests in the real JupyterLab, which take minutes: npm run test:lab. */
export default defineConfig({
  test: {
    ...base.test,
    include: ['lab-test/**/*.test.ts'],
    exclude: [],
    // A reader waits for nothing longer than this, even on a busy machine.
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    // The tests are one visit: where a step fails, those after it have nothing to stand on.
    bail: 1,
  },
});
