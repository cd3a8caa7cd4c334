import { firstLine } from '../data/first-line';
import { Peer, type Timing } from './peer';
import { PYTORCH, type Side } from './side';
import { pairedRatio } from './statistics';
import { describeWorkload, type Workload } from './workload';

/** What was measured of one side. */
export interface Measured {
  side: Side;
  /** Its memory before it prepared a step. */
  loaded: Timing;
  /** Its memory before it took the first step; the same without a warm-up. */
  prepared: Timing;
  /** Of every round that it took part in. */
  rounds: Timing[];
}

/** What was measured of a workload. */
export interface Turns {
  measured: Measured[];
  /** What went wrong with sides that are missing from `measured`. */
  problems: string[];
}

/** `items` from number `by` on, and then those before it. */
export function rotated<T>(items: readonly T[], by: number): T[] {
  return items.map((_, i) => items[(i + by) % items.length]);
}

/**
 * Measures sides on one workload, each in a fresh process, in turn: every round begins with another.
 * A side that fails is left out from then on.
 */
export async function takeTurns(
  sides: readonly Side[],
  workload: Workload,
  rounds: number,
): Promise<Turns> {
  const peers = new Map(sides.map((side) => [side, new Peer(side.command(workload))]));
  const measured = new Map<Side, Measured>();
  const problems: string[] = [];
  const attempt = async (side: Side, measure: (peer: Peer) => Promise<void>): Promise<void> => {
    const peer = peers.get(side);
    try {
      if (peer) await measure(peer);
    } catch (error) {
      peers.delete(side);
      measured.delete(side);
      problems.push(`${side.name}, ${describeWorkload(workload)}: ${firstLine(error)}.`);
    }
  };
  try {
    for (const side of sides) {
      await attempt(side, async (peer) => {
        const loaded = await peer.loaded;
        const prepared = side.warmUp ? await peer.ask({ steps: 0 }) : loaded;
        if (side.warmUp) await peer.ask({ steps: 1 });
        measured.set(side, { side, loaded, prepared, rounds: [] });
      });
    }
    for (let round = 0; round < rounds; round++) {
      const playing = sides.filter((side) => round < (side.rounds ?? rounds));
      for (const side of rotated(playing, round)) {
        await attempt(side, async (peer) => {
          measured.get(side)?.rounds.push(await peer.ask(side.limit));
        });
      }
    }
  } finally {
    for (const peer of peers.values()) peer.stop();
  }
  return { measured: [...measured.values()], problems };
}

/** The times of the steps, round by round. */
export function stepTimes({ rounds }: Measured): number[][] {
  return rounds.map(({ milliseconds }) => milliseconds);
}

/** PyTorch's time over that of `own`; null where PyTorch was not measured. */
export function pytorchRatio(own: Measured, all: readonly Measured[]): number | null {
  const pytorch = all.find(({ side }) => side.name === PYTORCH.name);
  return pytorch ? pairedRatio(stepTimes(own), stepTimes(pytorch)) : null;
}

/** The most memory that was resident while steps were taken, in 10^6 bytes. */
export function peakOfSteps({ prepared, rounds }: Measured): number {
  return (rounds.at(-1) ?? prepared).peakMegabytes;
}
