import { describe, expect, it } from 'vitest';
import { loadTslab } from './tslab';

describe('tslab, whose inner members the kernel stands on', () => {
  const tslab = loadTslab();

  it('is the version that the kernel was written against', () => {
    expect(tslab.version).toBe('1.0.22');
    expect(tslab.typescript.version).toBe('5.0.4');
  });

  it('has the members that are reached into', () => {
    expect(tslab.createConverter).toBeTypeOf('function');
    expect(tslab.createExecutor).toBeTypeOf('function');
    expect(tslab.getCodeMetadata).toBeTypeOf('function');
    expect(Object.getOwnPropertyNames(tslab.JupyterHandlerImpl.prototype)).toEqual(
      expect.arrayContaining(['handleKernel', 'handleIsComplete', 'handleComplete']),
    );
    expect(tslab.jupyter.lastWriteDisplayData).toBeNull();
  });

  it('reads the tag of a cell that defines a module', () => {
    expect(tslab.getCodeMetadata('/** @module shapes */\nexport const x = 1;').module).toBe(
      'shapes',
    );
    expect(tslab.getCodeMetadata('await (1)').module).toBeUndefined();
  });

  it('checks cells strictly once it is loaded through here', () => {
    const converter = tslab.createConverter({ isJS: false, isBrowser: false });
    try {
      const messages = (source: string): string[] =>
        converter.convert('', source).diagnostics.map(({ messageText }) => messageText);
      expect(messages('const double = (x) => 2 * x;')).toEqual([
        "Parameter 'x' implicitly has an 'any' type.",
      ]);
      expect(messages('const name: string = null;')).toEqual([
        "Type 'null' is not assignable to type 'string'.",
      ]);
    } finally {
      converter.close();
    }
  });
});
