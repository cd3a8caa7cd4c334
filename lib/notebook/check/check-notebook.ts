import { statSync } from 'node:fs';
import { firstLine } from '../../data/first-line';
import { readNotebook } from '../notebook-file';
import type { Notebook } from '../notebook';
import { checkOutputs } from './check-outputs';
import type { TypeChecker } from './check-types';
import type { Problem } from './problem';

/** A code-hosting site shows no notebook much larger, and every version stays in the history. */
const LARGEST_BYTES = 2_000_000;

/**
 * Why a notebook should not be committed: it cannot be read or is too large, its outputs are
 * missing, out of order, errors or of another training revision, or its cells do not type-check.
 *
 * @param types for the notebook's folder
 */
export function checkNotebook(path: string, types: TypeChecker): Problem[] {
  let notebook: Notebook;
  try {
    notebook = readNotebook(path);
  } catch (error) {
    return [{ found: firstLine(error), advice: 'restore the file' }];
  }
  return [...tooLarge(path), ...checkOutputs(notebook), ...types.check(notebook)];
}

function tooLarge(path: string): Problem[] {
  const { size } = statSync(path);
  if (size <= LARGEST_BYTES) return [];
  const found = `${(size / 1e6).toFixed(1)} MB large, more than ${LARGEST_BYTES / 1e6} MB`;
  return [{ found, advice: 'save it with still figures, as tripletlab notebooks --save does' }];
}
