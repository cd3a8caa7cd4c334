import type { CodeCell, Notebook } from '../notebook';

/** Something for which a notebook should not be committed. */
export interface Problem {
  /** The cell, counted from 1 over the code cells that hold code; absent: the notebook as a whole. */
  cell?: number;
  /** What was found, in a line. */
  found: string;
  /** What to do about it, in a line. */
  advice: string;
}

/** The cells that a run executes, in order. */
export function executableCells({ cells }: Notebook): CodeCell[] {
  return cells.filter(
    (cell): cell is CodeCell => cell.cell_type === 'code' && cell.source.trim() !== '',
  );
}
