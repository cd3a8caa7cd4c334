import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { matrix } from '../data/matrix';
import { randomInteger, seededRandom } from '../data/random';
import { ItemDatabase } from '../recommend/item-database';

/**
 * Times the item database: 100,000 seeded random items of 64 dimensions are added, then 50 of them are
 * asked for their 10 nearest. `npm run build && node lib/dist/bench/recommend.js`
 */

const [ITEMS, DIMENSION, QUERIES, K] = [100_000, 64, 50, 10];

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-bench-'));
  try {
    const random = seededRandom(1);
    const embeddings = matrix(Float32Array.from({ length: ITEMS * DIMENSION }, random), [
      ITEMS,
      DIMENSION,
    ]);
    const labels = Int32Array.from({ length: ITEMS }, () => randomInteger(random, 10));
    const database = await ItemDatabase.create(join(folder, 'items.duckdb'), {
      dimension: DIMENSION,
      classNames: [...'0123456789'],
    });
    const adding = await milliseconds(() => database.add({ embeddings, labels }));
    const times: number[] = [];
    for (let i = 0; i < QUERIES; i++) {
      const id = randomInteger(random, ITEMS);
      times.push(await milliseconds(() => database.recommend(id, K)));
    }
    await database.close();
    times.sort((a, b) => a - b);
    const at = (q: number): string => times[Math.floor(q * QUERIES)].toFixed(1);
    console.log(`${cpus()[0]?.model}, ${cpus().length} cores; Node ${process.version}`);
    console.log(`adding ${ITEMS} x ${DIMENSION}: ${(adding / 1000).toFixed(2)} s`);
    console.log(
      `the ${K} nearest, ${QUERIES} queries: median ${at(0.5)} ms (10 % to 90 %: ` +
        `${at(0.1)} to ${at(0.9)}; slowest ${times[QUERIES - 1].toFixed(1)})`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
