import { parentPort, workerData } from 'node:worker_threads';
import { takeBlocks } from '../data/team';
import { type Conditionals, PERPLEXITY_ROWS, writeConditionals } from './perplexity';

/* One thread of the search of perplexities, a program of `runTeam`: it posts how many points it did. */

const { conditionals } = workerData as { conditionals: Conditionals };
const blocks = Math.ceil(conditionals.distances.length / conditionals.k / PERPLEXITY_ROWS);
takeBlocks(conditionals.taken, 0, blocks, (block) => {
  parentPort?.postMessage(writeConditionals(conditionals, block) - block * PERPLEXITY_ROWS);
});
