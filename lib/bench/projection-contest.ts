import { join } from 'node:path';
import { firstLine } from '../data/first-line';
import type { Matrix } from '../data/matrix';
import { Peer } from './peer';
import {
  PEERS,
  type ProjectionTask,
  type Projector,
  readMatrix,
  TRIPLETLAB,
} from './projection-task';
import { moduleVersion } from './side';
import { rotated } from './turns';

/** What is projected, and by how many threads of this library. */
export interface Contest {
  method: ProjectionTask['method'];
  /** Number of points. */
  count: number;
  threads: number[];
}

/** What was measured of one side. */
export interface Projected {
  side: string;
  threads: number;
  /** Milliseconds of every round. */
  rounds: number[][];
  peakMegabytes: number;
  picture: Matrix;
}

/** Threads of the peers. */
const PEER_THREADS = 2;

/**
 * Lets this library and its peer, where that is installed, project in turn, each in a fresh process
 * that has compiled its code: every round begins with another. A side that fails is left out.
 *
 * @param folder has the file `points`, and receives others
 */
export async function holdContest(
  { method, count, threads }: Contest,
  folder: string,
  rounds: number,
): Promise<{ projected: Projected[]; problems: string[] }> {
  const peer = PEERS[method];
  const problems: string[] = [];
  const sides = threads.map((own): [Projector, number] => [TRIPLETLAB, own]);
  if (moduleVersion(peer.module) !== undefined) sides.push([peer, PEER_THREADS]);
  else problems.push(`${peer.name} is left out: it is not installed (Debian: ${peer.package}).`);
  const players = sides.map(([projector, own], i) => {
    const output = join(folder, `positions-${i}`);
    const task = { method, count, threads: own, input: join(folder, 'points'), output };
    return {
      side: projector.name,
      threads: own,
      output,
      process: new Peer(projector.command(task)),
      rounds: [] as number[][],
      peakMegabytes: NaN,
    };
  });
  const failed = new Set<(typeof players)[number]>();
  try {
    // The round before the first one prepares.
    for (let round = -1; round < rounds; round++) {
      for (const player of rotated(players, Math.max(round, 0))) {
        if (failed.has(player)) continue;
        try {
          const timing = await player.process.ask({ steps: round < 0 ? 0 : 1 });
          if (round >= 0) player.rounds.push(timing.milliseconds);
          player.peakMegabytes = timing.peakMegabytes;
          console.error(`  ${player.side}, ${player.threads}: ${timing.milliseconds.join()} ms`);
        } catch (error) {
          failed.add(player);
          problems.push(`${player.side}, ${method}: ${firstLine(error)}.`);
        }
      }
    }
  } finally {
    for (const player of players) player.process.stop();
  }
  const projected = players
    .filter((player) => !failed.has(player))
    .map(({ output, process: _, ...rest }) => ({ ...rest, picture: readMatrix(output, 2) }));
  return { projected, problems };
}
