import { cellSource } from '../kernel/cell-source';
import { loadTslab, type Converter } from '../kernel/tslab';
import type { Notebook } from '../notebook';
import { executableCells, type Problem } from './problem';

/** Checks the types of notebooks as the kernel does. */
export interface TypeChecker {
  /**
   * What the type checker has against a notebook's cells. They are read one after another, each
   * seeing the declarations of those before; as in a run, the first that fails is the last.
   */
  check(notebook: Notebook): Problem[];
  close(): void;
}

/**
 * A checker that resolves imports as a kernel in `directory` does. It is the kernel's own compiler,
 * with its strict rules and its freedom to declare a name again in a later cell.
 */
export function createTypeChecker(directory: string): TypeChecker {
  const tslab = loadTslab();
  const converter = converterIn(directory);

  /** tslab takes the working directory for the notebook's folder. */
  function converterIn(folder: string): Converter {
    const { sys } = tslab.typescript;
    const getCurrentDirectory = sys.getCurrentDirectory.bind(sys);
    sys.getCurrentDirectory = () => folder;
    try {
      return tslab.createConverter({ isJS: false, isBrowser: false });
    } finally {
      sys.getCurrentDirectory = getCurrentDirectory;
    }
  }

  function check(notebook: Notebook): Problem[] {
    let declarations = '';
    for (const [index, cell] of executableCells(notebook).entries()) {
      const { text, located } = cellSource(tslab, cell.source);
      const { diagnostics, declOutput } = converter.convert(declarations, text);
      if (diagnostics.length > 0) {
        return diagnostics.map(located).map(({ start, messageText }) => ({
          cell: index + 1,
          found: `${start.line + 1}:${start.character + 1} - ${messageText}`,
          advice: 'correct the cell; those after it were not checked',
        }));
      }
      declarations = declOutput ?? '';
    }
    return [];
  }

  return { check, close: () => converter.close() };
}
