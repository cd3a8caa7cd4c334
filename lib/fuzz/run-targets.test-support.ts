import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../experiment/diagnose';
import { openRegistry } from '../experiment/registry/registry';
import { scanRuns } from '../experiment/registry/scan-runs';
import { loadRun, type Run } from '../experiment/run';
import { loadNetwork } from '../experiment/trained-network';
import { comparison } from '../figure/comparison-table';
import { plainTable } from '../figure/table-plain';
import { readCheckpoint, readMatrix, requireCheckpoint } from '../train/checkpoint';
import { HOSTILE, jsonOf, mutatedBytes, mutatedValue, pick } from './mutations.test-support';
import type { Target } from './target.test-support';

const NAME = 'run-0123456789ab';

/** Run folders: listed, asked for by SQL, loaded, compared and diagnosed. */
export function runFolders(original: Run): Target {
  const files = readdirSync(original.directory);
  return {
    name: 'run folders',
    message:
      /cannot be read|^loadRun: |is a link|to be that of a run|^(readCheckpoint|readMatrix|embeddings|loadNetwork): |ENOENT/,
    async attempt(random, folder) {
      const path = join(folder, NAME);
      cpSync(original.directory, path, { recursive: true });
      try {
        const file = join(path, pick(files, random));
        if (random() < 0.05) rmSync(file);
        else if (random() < 0.05) {
          rmSync(file);
          symlinkSync(pick(['/dev/zero', '/etc/passwd', 'nowhere', '..'], random), file);
        } else writeFileSync(file, damaged(file, random));
        const { runs, damaged: reported } = scanRuns(folder, false);
        if (runs.length + reported.length !== 1) throw new Error('neither listed nor reported');
        if (random() < 0.05) await ask(folder, runs.length);
        const run = await loadRun(path);
        run.embeddings();
        await diagnose(run);
        plainTable(comparison([run], { title: pick(HOSTILE, random) }));
      } finally {
        rmSync(path, { recursive: true });
      }
    },
  };
}

function damaged(file: string, random: () => number): string | Uint8Array {
  const bytes = readFileSync(file);
  if (file.endsWith('.bin') || random() < 0.3) return mutatedBytes(bytes, random);
  if (file.endsWith('.json')) return jsonOf(mutatedValue(JSON.parse(bytes.toString()), random));
  const lines = bytes.toString().trimEnd().split('\n');
  const at = Math.floor(random() * lines.length);
  lines[at] = jsonOf(mutatedValue(JSON.parse(lines[at]), random));
  return `${lines.join('\n')}\n`;
}

async function ask(runsFolder: string, expected: number): Promise<void> {
  const registry = await openRegistry({ runsFolder, publishedFolder: null });
  try {
    const rows = await registry.query('SELECT *, (SELECT count(*) FROM metrics) AS n FROM runs');
    if (rows.length !== expected) throw new Error(`${rows.length} rows, listed ${expected}`);
  } finally {
    registry.close();
  }
}

/** Weights and other arrays. */
export function weightFiles(original: Run): Target {
  const bytes = readFileSync(join(original.directory, 'weights.bin'));
  const embeddings = readFileSync(join(original.directory, 'embeddings.bin'));
  return {
    name: 'weights',
    message: /^(readCheckpoint|readMatrix|loadNetwork): .*\.bin/,
    attempt(random, folder) {
      const weights = join(folder, 'weights.bin');
      // The header is a small part of the file, and the part where faults are told.
      const header = 12 + bytes.readUInt32LE(8);
      const head = mutatedBytes(bytes.subarray(0, header), random);
      const half = random() < 0.5;
      writeFileSync(
        weights,
        half ? Buffer.concat([head, bytes.subarray(header)]) : mutatedBytes(bytes, random),
      );
      const problem = problemOf(() => requireCheckpoint(weights));
      if (problem !== problemOf(() => readCheckpoint(weights))) {
        throw new Error(`the header alone says: ${problem}`);
      }
      const path = join(folder, 'embeddings.bin');
      writeFileSync(path, mutatedBytes(embeddings, random));
      if (random() < 0.5) readMatrix(path, 'test');
      loadNetwork({ config: original.config, directory: folder }).dispose();
    },
  };
}

function problemOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
