import { describe, expect, it } from 'vitest';
import { projectPath } from '../../data/project';
import { createCellRunner } from './cell-runner';
import { loadTslab } from './tslab';

/** A runner, and how many compilers it has made. */
function countingRunner() {
  let made = 0;
  const tslab = loadTslab();
  const createConverter: typeof tslab.createConverter = (options) => {
    made++;
    return tslab.createConverter(options);
  };
  const runner = createCellRunner({ ...tslab, createConverter }, projectPath('notebooks'));
  return { runner, compilers: () => made };
}

describe('a runner of cells', () => {
  it('makes its compiler when it is told to prepare, and no second one', async () => {
    const { runner, compilers } = countingRunner();
    expect(compilers()).toBe(0);
    runner.prepare();
    runner.prepare();
    expect(compilers()).toBe(1);
    expect(await runner.run('const two: number = 2;')).toBeUndefined();
    expect(await runner.run('const four: string = two + two;')).toMatchObject({
      ename: 'TypeScript',
      evalue: "1:7 - Type 'number' is not assignable to type 'string'.",
    });
    expect(compilers()).toBe(1);
    runner.executor.close();
  });

  it('makes it for its first cell where nobody has told it, and closes without one', async () => {
    const { runner, compilers } = countingRunner();
    expect(await runner.run('const two = 2;')).toBeUndefined();
    expect(compilers()).toBe(1);
    runner.executor.close();
    countingRunner().runner.executor.close();
  });
});
