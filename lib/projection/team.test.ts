import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runTeam } from '../data/team';
import { createDescent, type Descent } from './descent';

/** A descent of four points that are in each other's way, for as long as it is asked to. */
function endless(): Descent {
  const affinities = {
    starts: Int32Array.of(0, 1, 2, 3, 4),
    columns: Int32Array.of(1, 0, 3, 2),
    values: new Float32Array(4).fill(1 / 4),
    negativeEntropy: Math.log(1 / 4),
  };
  return createDescent(Float64Array.of(0, 0, 1, 0, 2, 0, 3, 1), affinities, {
    iterations: Number.MAX_SAFE_INTEGER,
    earlyExaggeration: 1,
    exaggerationIterations: 0,
    learningRate: 0.1,
    theta: 0,
  });
}

/** Whether no thread works on a descent any more: one that did would have moved its points. */
async function isOver(descent: Descent): Promise<boolean> {
  const before = descent.positions.slice();
  await setTimeout(100);
  return before.every((value, c) => value === descent.positions[c]);
}

describe('runTeam', () => {
  it('resolves when all threads have ended', async () => {
    const descent = endless();
    descent.options.iterations = 100;
    const messages: unknown[] = [];
    await runTeam('projection/descent-worker.js', { descent }, 3, {
      onMessage: (message) => messages.push(message),
    });
    expect(messages).toHaveLength(4);
    expect(descent.positions.every((value) => Number.isFinite(value))).toBe(true);
  });

  it('ends all threads at once, with the reason of the signal, also those that wait', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const descent = endless();
    const team = runTeam('projection/descent-worker.js', { descent }, 3, {
      signal: controller.signal,
      onMessage: () => controller.abort(reason),
    });
    await expect(team).rejects.toBe(reason);
    expect(await isOver(descent)).toBe(true);
    const signal = AbortSignal.abort(reason);
    await expect(runTeam('projection/descent-worker.js', {}, 1, { signal })).rejects.toBe(reason);
  });

  it('fails with the error of one thread while the others wait for it', async () => {
    const descent = endless();
    // Only the first thread builds the tree, and all the others wait for it.
    descent.positions[3] = NaN;
    await expect(runTeam('projection/descent-worker.js', { descent }, 3)).rejects.toThrow(
      'tsne: the positions grow without bound',
    );
    await expect(runTeam('projection/descent-worker.js', { descent: null }, 2)).rejects.toThrow(
      TypeError,
    );
  });

  it('fails with the error of whoever receives the messages', async () => {
    const descent = endless();
    const team = runTeam('projection/descent-worker.js', { descent }, 2, {
      onMessage: () => {
        throw new Error('no more');
      },
    });
    await expect(team).rejects.toThrow('no more');
    expect(await isOver(descent)).toBe(true);
  });

  it('says that the library must be built', async () => {
    await expect(runTeam('nothing.js', {}, 1)).rejects.toThrow(
      'nothing.js is missing: build the library first (npm run build)',
    );
  });
});
