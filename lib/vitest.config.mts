import { defineConfig } from 'vitest/config';
import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with its totals alone on a line, which programs that read test output understand. */
const closingLine: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const results = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number =>
      results.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    console.log(
      `${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped`,
    );
  },
};

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // lab-test/ and the long tests have configurations of their own.
    exclude: ['dist/**', 'node_modules/**', 'lab-test/**', '**/*.faults.test.ts'],
    reporters: ['default', closingLine],
    // Kernels, browsers and trainings take their time on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});
