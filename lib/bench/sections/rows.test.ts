import { describe, expect, it } from 'vitest';
import { bar } from '../bar';
import type { Timing } from '../peer';
import { LAYERS } from '../layers';
import { COMPILED, PYTORCH, type Side } from '../side';
import type { Measured } from '../turns';
import type { Workload } from '../workload';
import { compileTime } from './compile';
import { convolution, formRows } from './convolution';
import { lossRows } from './loss';
import { memoryRow } from './memory';
import { reportOf } from './notebook';
import { costOfQueue, queueRows, type SweepTime } from './queue';
import { imagesPerSecond, scalingRow } from './scaling';
import { trainingRows } from './training';

const WORKLOAD: Workload = { network: 'mnist', loss: 'batch_all', batch: 100, threads: 1 };

const timing = (milliseconds: number[], residentMegabytes = 100, peakMegabytes = 100): Timing => ({
  milliseconds,
  residentMegabytes,
  peakMegabytes,
});

const measured = (side: Side, rounds: Timing[], prepared = timing([], 150, 300)): Measured => ({
  side,
  loaded: timing([]),
  prepared,
  rounds,
});

describe('trainingRows', () => {
  const own = measured(COMPILED, [timing([10, 20, 30], 160, 200), timing([20], 160, 210.4)]);
  const pytorch = measured(PYTORCH, [timing([40]), timing([60])], timing([], 1, 1));

  it('have medians over all rounds, ratios within them, and the peak of the process', () => {
    expect(trainingRows(WORKLOAD, [own, pytorch])).toEqual([
      ['mnist', 'batch_all', 100, 1, COMPILED.name, 20, 13, 27, 5000, 2.5, 300],
      ['mnist', 'batch_all', 100, 1, PYTORCH.name, 50, 42, 58, 2000, 1, 100],
    ]);
  });

  it('have no ratio without PyTorch', () => {
    expect(trainingRows(WORKLOAD, [own])[0][9]).toBeNull();
  });
});

describe('lossRows', () => {
  it('tell the memory of compiling from that of running', () => {
    const own = measured(COMPILED, [timing([5], 170, 200), timing([5], 170, 230)]);
    expect(lossRows(WORKLOAD, [own])).toEqual([
      ['batch_all', 100, COMPILED.name, 5, 5, 5, null, 200, 80],
    ]);
  });
});

describe('convolution', () => {
  const layer = LAYERS[1];

  it('compares the forms of an operation with the one used, round by round', () => {
    const workload: Workload = { network: 'fashion', loss: 'forward', batch: 1, threads: 1 };
    const rows = formRows(workload, layer, [
      { name: 'slow', used: false, rounds: [[4, 4, 4], [40]] },
      { name: 'fast', used: true, rounds: [[2, 2, 2], [10]] },
    ]);
    // 11 x 11 positions with 3 x 3 x 16 x 32 weights.
    const gigaflops = (2 * 121 * 4608) / 1e9;
    expect(rows).toEqual([
      [
        'fashion',
        'conv2',
        'forward',
        'slow',
        4,
        4,
        expect.closeTo(29.2),
        3,
        expect.closeTo(gigaflops / 0.004),
      ],
      [
        'fashion',
        'conv2',
        'forward',
        'fast (used)',
        2,
        2,
        expect.closeTo(7.6),
        1,
        expect.closeTo(gigaflops / 0.002),
      ],
    ]);
  });

  it('counts no arithmetic where there is hardly any', () => {
    const workload: Workload = { network: 'fashion', loss: 'mask', batch: 1, threads: 1 };
    const [row] = formRows(workload, layer, [{ name: 'only', used: false, rounds: [[1]] }]);
    expect(row.slice(-2)).toEqual([null, null]);
  });

  it('has a row for every form of every layer, one of them used', async () => {
    const workload: Workload = { network: 'fashion', loss: 'mask', batch: 2, threads: 1 };
    const thoroughness = { rounds: 1, steps: 1000, quick: true };
    const { columns, rows, notes } = await convolution.measure([workload], thoroughness);
    for (const name of ['conv1', 'conv2', 'conv3']) {
      const own = rows.filter((row) => row[1] === name);
      expect(own).toHaveLength(4);
      expect(own.filter((row) => String(row[3]).endsWith('(used)'))).toHaveLength(1);
    }
    expect(rows.every((row) => row.length === columns.length && (row[4] as number) > 0)).toBe(true);
    expect(notes[0]).toBe('fashion, conv1: 28x28x1 to 13x13x16, stride 2.');
  });
});

describe('scaling', () => {
  it('adds what processes do at the same time', () => {
    expect(imagesPerSecond([timing([10, 10]), timing([40])], 64)).toBe(6400 + 1600);
  });

  it('takes the ratio within every round', () => {
    const rounds = [
      { one: 100, two: 190 },
      { one: 10, two: 18 },
      { one: 110, two: 220 },
    ];
    const row = scalingRow(WORKLOAD, { side: COMPILED, rounds });
    expect(row.slice(0, 5)).toEqual(['mnist', COMPILED.name, 100, 190, 1.9]);
    expect(row[5]).toBeCloseTo(1.82, 12);
    expect(row[6]).toBeCloseTo(1.98, 12);
  });
});

describe('memoryRow', () => {
  it('has the slope by thousand steps', () => {
    const samples = [100, 101, 102, 103, 104];
    expect(memoryRow(WORKLOAD, samples)).toEqual(['mnist', 'batch_all', 100, 2000, 2, 100, 104, 4]);
  });
});

describe('compileTime', () => {
  it('is what the first step takes longer', () => {
    expect(compileTime(measured(COMPILED, [timing([510, 12, 8])]))).toBe(500);
  });
});

describe('bar', () => {
  it('says on which side of it a value is', () => {
    expect(bar('ratio', 303.4, { above: 50 })).toBe('ratio: 303, asked for above 50: met.');
    expect(bar('ratio', 50, { above: 50 })).toBe('ratio: 50, asked for above 50: NOT MET.');
    expect(bar('MB', 99.96, { below: 100 })).toBe('MB: 100.0, asked for below 100: met.');
    expect(bar('MB', 281, { below: 100 })).toBe('MB: 281, asked for below 100: NOT MET.');
    expect(bar('MB', NaN, { below: 100 })).toContain('NOT MET');
  });
});

describe('reportOf a notebook', () => {
  it('holds the slowest of each against its bar, and memory by its slope', () => {
    const times = {
      figures: [4, 5],
      seconds: [0.5, 2.5, 1],
      interrupts: [1],
      megabytes: [300, 300],
    };
    const { rows, notes } = reportOf(times);
    expect(rows[1].slice(1)).toEqual([1, 0.5, 2.5]);
    expect(notes.map((note) => note.endsWith(': met.'))).toEqual([true, false, true, true]);
    const growing = reportOf({ ...times, megabytes: [300, 301, 302] }).notes;
    expect(growing[3]).toContain('NOT MET');
  });
});

describe('queueRows', () => {
  it('compare the queue with no queue, and two workers with one, round by round', () => {
    const rounds = (training: number, ...all: number[]): SweepTime[] =>
      all.map((seconds) => ({ seconds, training }));
    const times = new Map([
      ['local', rounds(9, 10, 20, 10)],
      ['queue, one worker', rounds(9, 10.2, 22, 10.3)],
      ['queue, two workers', rounds(9, 5.1, 12.1, 6.18)],
    ]);
    const rows = queueRows(times);
    expect(rows.map(([name, , , , , beside]) => [name, beside])).toEqual([
      ['local', null],
      ['queue, one worker', 'local'],
      ['queue, two workers', 'queue, one worker'],
    ]);
    expect(rows.map((row) => row.slice(6))).toEqual([
      [null, null, null],
      [expect.closeTo(1.03, 6), expect.closeTo(1.022, 6), expect.closeTo(1.086, 6)],
      [expect.closeTo(0.55, 6), expect.closeTo(0.51, 6), expect.closeTo(0.59, 6)],
    ]);
    expect(costOfQueue(times)).toBeCloseTo(0.03, 6);
  });
});
