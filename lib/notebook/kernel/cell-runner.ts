import { format } from 'node:util';
import { thrownError, typeError, type CellError } from './cell-error';
import { cellSource } from './cell-source';
import { Interrupts } from './interrupts';
import type { Converter, Diagnostic, Executor, Tslab } from './tslab';

/** Runs cells by tslab and says why one failed. */
export interface CellRunner {
  executor: Executor;
  interrupts: Interrupts;
  /** Reads the declarations of Node and of this library now, not at the first cell: seconds. */
  prepare(): void;
  /** Resolves to undefined when the cell ran to its end. */
  run(code: string): Promise<CellError | undefined>;
}

/**
 * A runner whose cells see the packages and files of `directory`. tslab's executor only prints why a
 * cell failed; the reason is taken from the two places it passes on the way: the diagnostics of the
 * converter, and the console that gets what was thrown.
 */
export function createCellRunner(tslab: Tslab, directory: string): CellRunner {
  let diagnostics: Diagnostic[] = [];
  let thrown: unknown;
  let printed: string[] = [];

  let made: Converter | undefined;
  const converter = (): Converter => (made ??= makeConverter());
  const executor = tslab.createExecutor(
    directory,
    {
      get node() {
        return converter();
      },
      get browser() {
        return converter();
      },
      close: () => made?.close(),
    },
    { log: (...values) => console.log(...values), error: takeError },
  );

  function makeConverter(): Converter {
    const node = tslab.createConverter({ isJS: false, isBrowser: false });
    return Object.assign(Object.create(node) as Converter, {
      convert(previousDeclarations: string, source: string) {
        const converted = node.convert(previousDeclarations, source);
        diagnostics = converted.diagnostics;
        return converted;
      },
    });
  }

  function takeError(...values: unknown[]): void {
    thrown = values[0];
    printed.push(format(...values));
  }

  const interrupts = new Interrupts(() => executor.interrupt());

  async function run(code: string): Promise<CellError | undefined> {
    diagnostics = [];
    thrown = undefined;
    printed = [];
    const { text, located } = cellSource(tslab, code);
    try {
      const running = executor.execute(text);
      interrupts.rearm();
      if (await running) {
        // tslab registers a cell that defines a module even when it does not type-check.
        printed.forEach((line) => console.error(line));
        return undefined;
      }
    } catch (error) {
      return thrownError(error);
    } finally {
      interrupts.cellEnded();
    }
    if (diagnostics.length > 0) {
      return typeError(diagnostics.map(located));
    }
    return thrownError(thrown);
  }

  return { executor, interrupts, prepare: () => void converter(), run };
}
