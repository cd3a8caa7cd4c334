import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Run } from './run';

/** Both are finished and have the same numbers, to the last bit. */
export function expectSameNumbers(found: Run, expected: Run): void {
  expect(found.status, found.error).toBe('finished');
  for (const name of ['metrics.jsonl', 'weights.bin', 'embeddings.bin']) {
    const [a, b] = [found, expected].map(({ directory }) => readFileSync(join(directory, name)));
    expect(a.equals(b), name).toBe(true);
  }
  expect(found.summary.validation).toEqual(expected.summary.validation);
  expect(found.embeddings()).toEqual(expected.embeddings());
}
