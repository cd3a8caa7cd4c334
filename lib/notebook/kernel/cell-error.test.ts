import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { foldedStack, thrownError, typeError } from './cell-error';

const position = (line: number, character: number) => ({ offset: 0, line, character });

describe('thrownError', () => {
  it('keeps the stack apart from the message, and leaves the machinery out of it', () => {
    const error = new RangeError('margin must be > 0, got -1\nChoose a positive margin.');
    error.stack = `RangeError: ...
    at batchHardLoss (/project/lib/dist/loss/batch-hard.js:10:3)
    at train (evalmachine.<anonymous>:5:7)
    at evalmachine.<anonymous>:9:1
    at runInThisContext (node:vm:123:5)
    at Object.execute (/project/node_modules/tslab/dist/executor.js:130:3)
    at run (/project/lib/dist/notebook/kernel/cell-runner.js:40:3)`;
    expect(thrownError(error)).toEqual({
      ename: 'RangeError',
      evalue: 'margin must be > 0, got -1\nChoose a positive margin.',
      traceback: ['RangeError: margin must be > 0, got -1\nChoose a positive margin.'],
      stack: [
        '    at batchHardLoss (/project/lib/dist/loss/batch-hard.js:10:3)',
        '    at train (this notebook)',
      ],
    });
  });

  it('names the causes', () => {
    const cause = new Error('no such file', { cause: 'the disk' });
    const { traceback } = thrownError(new Error('no data', { cause }));
    expect(traceback).toEqual([
      'Error: no data',
      '  because: Error: no such file',
      "  because: 'the disk'",
    ]);
  });

  it('ends at causes that go in a circle', () => {
    const error = new Error('a');
    error.cause = error;
    expect(thrownError(error).traceback.length).toBeLessThan(20);
  });

  it.each([
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{ code: 1 }, '{ code: 1 }'],
  ])('takes %j for what it is', (value, evalue) => {
    expect(thrownError(value)).toEqual({
      ename: 'Thrown',
      evalue,
      traceback: [`Thrown: ${evalue}`],
    });
  });

  it('knows an error of another realm', () => {
    expect(thrownError(runInNewContext('new TypeError("x")'))).toMatchObject({
      ename: 'TypeError',
      evalue: 'x',
    });
  });
});

describe('typeError', () => {
  it('counts lines and columns from 1', () => {
    const diagnostics = [
      { start: position(0, 6), end: position(0, 7), messageText: 'first', code: 1 },
      { start: position(3, 0), end: position(3, 1), messageText: 'second', code: 2 },
    ];
    expect(typeError(diagnostics)).toEqual({
      ename: 'TypeScript',
      evalue: '1:7 - first',
      traceback: ['TypeScript: 1:7 - first\n4:1 - second'],
    });
  });
});

describe('foldedStack', () => {
  it('is folded in HTML, and plain elsewhere', () => {
    expect(foldedStack(['    at f (<a>)', '    at g']).data).toEqual({
      'text/html':
        '<details><summary>Stack</summary><pre>    at f (&lt;a&gt;)\n    at g</pre></details>',
      'text/plain': 'Stack\n    at f (<a>)\n    at g',
    });
  });
});
