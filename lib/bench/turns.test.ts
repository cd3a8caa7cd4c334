import { describe, expect, it } from 'vitest';
import { Peer } from './peer';
import { COMPILED, PYTORCH, type Side } from './side';
import { peakOfSteps, pytorchRatio, rotated, stepTimes, takeTurns, type Measured } from './turns';
import type { Workload } from './workload';

const WORKLOAD: Workload = { network: 'none', loss: 'batch_all', batch: 8, threads: 1 };

/** A program that answers every question with the time on a clock that all processes share. */
const CLOCK = `
const answer = (milliseconds) => {
  console.log(JSON.stringify({ milliseconds, residentMegabytes: 1, peakMegabytes: 2 }));
};
answer([]);
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { steps } = JSON.parse(line);
  answer(Array(steps).fill(performance.timeOrigin + performance.now()));
});`;

const side = (name: string, options: Partial<Side> = {}): Side => ({
  name,
  command: () => [process.execPath, '-e', CLOCK],
  limit: { steps: 2 },
  warmUp: true,
  ...options,
});

describe('rotated', () => {
  it('begins with another each time, and with the first again', () => {
    const items = ['a', 'b', 'c'];
    expect([0, 1, 2, 3].map((by) => rotated(items, by).join(''))).toEqual([
      'abc',
      'bca',
      'cab',
      'abc',
    ]);
    expect(rotated([], 1)).toEqual([]);
  });
});

describe('takeTurns', () => {
  it('lets the sides take turns, each round beginning with another', async () => {
    const { measured, problems } = await takeTurns([side('a'), side('b'), side('c')], WORKLOAD, 3);
    expect(problems).toEqual([]);
    const order = measured
      .flatMap((one) => stepTimes(one).map(([time]) => ({ time, name: one.side.name })))
      .sort((a, b) => a.time - b.time);
    expect(order.map(({ name }) => name).join('')).toBe('abcbcacab');
    expect(measured.map((one) => stepTimes(one).map((times) => times.length))).toEqual([
      [2, 2, 2],
      [2, 2, 2],
      [2, 2, 2],
    ]);
  });

  it('asks a side for no more rounds than it takes part in', async () => {
    const once = side('once', { rounds: 1, warmUp: false, limit: { steps: 1 } });
    const { measured } = await takeTurns([side('always'), once], WORKLOAD, 3);
    expect(measured.map(({ rounds }) => rounds.length)).toEqual([3, 1]);
    expect(measured[1].prepared).toBe(measured[1].loaded);
  });

  it('goes on without a side that fails, and says so', async () => {
    const broken = side('broken', { command: () => [process.execPath, '-e', 'process.exit(3)'] });
    const absent = side('absent', { command: () => ['/nowhere/at-all'] });
    const late = side('late', {
      command: () => [process.execPath, '-e', `${CLOCK}\nsetTimeout(() => process.abort(), 0);`],
      limit: { steps: 1e9 },
    });
    const { measured, problems } = await takeTurns(
      [broken, side('whole'), absent, late],
      WORKLOAD,
      2,
    );
    expect(measured.map((one) => one.side.name)).toEqual(['whole']);
    expect(measured[0].rounds).toHaveLength(2);
    expect(problems.map((problem) => problem.split(',')[0])).toEqual(['broken', 'absent', 'late']);
    expect(problems[0]).toMatch(
      /^broken, batch_all, batch 8, 1 thread: .* ended .*: exit status 3\.$/,
    );
    expect(problems[1]).toContain('ENOENT');
    expect(problems[2]).toContain('SIGABRT');
  });
});

describe('pytorchRatio', () => {
  const timing = (milliseconds: number[]): Measured['loaded'] => ({
    milliseconds,
    residentMegabytes: 1,
    peakMegabytes: 2,
  });
  const measured = (of: Side, ...rounds: number[][]): Measured => ({
    side: of,
    loaded: timing([]),
    prepared: timing([]),
    rounds: rounds.map(timing),
  });

  it('is above 1 for what is faster than PyTorch', () => {
    const own = measured(COMPILED, [2, 4, 3], [30]);
    // The section `loss` gives PyTorch another number of rounds.
    const pytorch = measured({ ...PYTORCH, rounds: 2 }, [6], [60]);
    expect(pytorchRatio(own, [own, pytorch])).toBe(2);
    expect(pytorchRatio(pytorch, [own, pytorch])).toBe(1);
    expect(pytorchRatio(own, [own])).toBeNull();
  });

  it('has its memory from the last answer', () => {
    const own = measured(COMPILED, [1], [1]);
    own.rounds[1].peakMegabytes = 9;
    expect(peakOfSteps(own)).toBe(9);
    expect(peakOfSteps(measured(COMPILED))).toBe(2);
  });
});

describe('Peer', () => {
  it('answers in order, and says how its process ended', async () => {
    const peer = new Peer([process.execPath, '-e', CLOCK]);
    const answers = [await peer.ask({ steps: 3 }), await peer.ask({ steps: 0 })];
    expect(answers.map(({ milliseconds }) => milliseconds.length)).toEqual([3, 0]);
    peer.stop();
    await expect(peer.ask({ steps: 1 })).rejects.toThrow('ended while it was measured');
  });
});
