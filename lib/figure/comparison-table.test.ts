import { describe, expect, it } from 'vitest';
import { compareRuns, groupRuns } from '../experiment/compare-runs';
import { configuration, type Configuration } from '../experiment/configuration';
import type { Run } from '../experiment/run';
import { comparison, comparisonTable } from './comparison-table';
import { effectCurves } from './effect-curves';
import type { Figure } from './figure';
import { blankDocument } from './packages';
import { readPixels } from './pixels';
import { plainTable } from './table-plain';

/** A run as a sweep returns it; a text is the error of one that failed. */
function runOf(settings: Partial<Configuration>, outcome: Record<string, number> | string): Run {
  const failed = typeof outcome === 'string';
  const config = configuration(settings);
  const id = `run-${JSON.stringify(settings).replace(/[^a-z0-9.]+/gi, '-')}`;
  return {
    id,
    directory: `/runs/${id}`,
    config,
    environment: {} as Run['environment'],
    status: failed ? 'failed' : 'finished',
    error: failed ? outcome : undefined,
    summary: {
      steps: config.steps,
      validation: failed ? {} : outcome,
      test: {},
      train: {},
      lastBatch: {},
      seconds: NaN,
      peakMegabytes: NaN,
    },
    metrics: [],
    embeddings: () => expect.unreachable('nobody asked for them'),
    snapshots: () => expect.unreachable('nobody asked for them'),
  };
}

const runs = [
  runOf({ margin: 0.5, seed: 1 }, { loss: 0.2, fractionPositive: 0.1, precisionAt1: 0.9 }),
  runOf({ margin: 0.5, seed: 2 }, { loss: 0.4, fractionPositive: 0.3, precisionAt1: 0.8 }),
  runOf({ margin: 1, seed: 1 }, { loss: 0.1, fractionPositive: 0.2, precisionAt1: 0.7 }),
  runOf({ margin: 1, seed: 2 }, 'training: loss is NaN at step 2.'),
  runOf({ margin: 'soft', strategy: 'batch_hard' }, 'no <data>'),
];

/** The cells of a table row by row, its header first, the bold ones in stars. */
function cells({ interactive }: Figure): string[][] {
  if (!('html' in interactive)) throw new Error('not a table');
  const body = blankDocument.createElement('div');
  body.innerHTML = interactive.html;
  return Array.from(body.querySelectorAll('tr'), (row) =>
    Array.from(row.querySelectorAll('th,td'), (cell) => {
      const bold = cell.getAttribute('style')?.includes('font-weight:bold');
      const isHead = row.parentElement?.tagName === 'THEAD';
      return bold && !isHead ? `*${cell.textContent}*` : (cell.textContent ?? '');
    }),
  );
}

const FAILED = ['–', '–', '–'];

describe('comparisonTable', () => {
  const figure = comparisonTable(runs, { title: 'Margins' });

  it('shows what differs, and mean and deviation over the seeds, the best of a column bold', () => {
    expect(cells(figure)).toEqual([
      ['strategy', 'margin', 'loss', 'fraction positive', 'precision@1', 'failed'],
      ['batch_all', '0.5', '0.3000 ± 0.1414', '0.2000 ± 0.1414', '*0.8500 ± 0.0707*', '–'],
      [
        'batch_all',
        '1',
        '*0.1000*',
        '0.2000',
        '0.7000',
        '1 of 2: training: loss is NaN at step 2.',
      ],
      ['batch_hard', 'soft', ...FAILED, 'no <data>'],
    ]);
    expect(figure.alt).toMatch(/^Margins: 3 rows of strategy, margin, loss/);
  });

  it('is sorted by settings and means as numbers; what failed has none', () => {
    const { sortBy } = comparison(runs, { title: '' });
    const keys = [0, 1, 2].map((row) => [0, 1, 2, 5].map((column) => sortBy?.(row, column)));
    expect(keys).toEqual([
      ['batch_all', 0.5, expect.closeTo(0.3, 6), null],
      ['batch_all', 1, 0.1, '1 of 2: training: loss is NaN at step 2.'],
      ['batch_hard', 'soft', NaN, 'no <data>'],
    ]);
    expect(figure.interactive).toHaveProperty('scriptedHtml', expect.stringContaining('<script>'));
  });

  it('says what its figures are, and draws a still', () => {
    if (!('html' in figure.interactive)) throw new Error('not a table');
    expect(figure.interactive.html).toContain(
      'Mean ± standard deviation of 2 seeds. Bold: the best of a column.',
    );
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
  });

  it('takes metrics of one’s own, and what is best in them', () => {
    const metrics = { twice: ({ summary }: Run) => 2 * summary.validation.loss };
    const rows = cells(comparisonTable(runs.slice(0, 3), { title: '', metrics }));
    expect(rows).toEqual([
      ['margin', 'twice'],
      ['0.5', '*0.6000 ± 0.2828*'],
      ['1', '0.2000'],
    ]);
    const best = { twice: 'none' } as const;
    expect(
      cells(comparisonTable(runs, { title: '', metrics, best }))
        .flat()
        .join(),
    ).not.toContain('*');
    expect(() => comparisonTable(runs, { title: '', best: { lost: 'lowest' } })).toThrow(
      new RangeError(
        "comparisonTable: best must name metrics (loss, fraction positive, precision@1), got 'lost'",
      ),
    );
  });

  it('shows a run alone by its name, and bears none', () => {
    expect(cells(comparisonTable([runs[0]], { title: '' }))).toEqual([
      ['run', 'loss', 'fraction positive', 'precision@1'],
      [runs[0].id, '0.2000', '0.1000', '0.9000'],
    ]);
    expect(cells(comparisonTable([], { title: '' }))).toEqual([['run']]);
    expect(cells(comparisonTable([runs[4]], { title: '' }))).toEqual([
      ['run', 'failed'],
      [runs[4].id, 'no <data>'],
    ]);
  });

  it('can be printed', () => {
    expect(plainTable(comparison(runs.slice(0, 3), { title: 'Margins' }))).toBe(
      [
        'Margins',
        'margin             loss  fraction positive       precision@1',
        '   0.5  0.3000 ± 0.1414    0.2000 ± 0.1414  *0.8500 ± 0.0707',
        '     1          *0.1000             0.2000            0.7000',
        'Mean ± standard deviation of 2 seeds. Bold: the best of a column.',
      ].join('\n'),
    );
  });
});

describe('groupRuns', () => {
  it('puts together what differs in nothing but the seed, each run once', () => {
    const groups = groupRuns([...runs, runs[1], runs[4]]);
    expect(groups.map(({ settings, runs: members }) => [settings, members.length])).toEqual([
      [{ margin: 0.5, strategy: 'batch_all' }, 2],
      [{ margin: 1, strategy: 'batch_all' }, 2],
      [{ margin: 'soft', strategy: 'batch_hard' }, 1],
    ]);
    expect(groupRuns([])).toEqual([]);
  });
});

describe('compareRuns', () => {
  it('is a data frame: settings that differ, metrics, then run, status and error', () => {
    const frame = compareRuns(runs);
    expect(frame.columns).toEqual([
      ...['strategy', 'margin', 'seed', 'loss', 'fraction positive', 'precision@1'],
      ...['run', 'status', 'error'],
    ]);
    expect(frame.values[0]).toEqual([
      'batch_all',
      '0.5',
      1,
      0.2,
      0.1,
      0.9,
      runs[0].id,
      'finished',
      '',
    ]);
    expect(frame.values[4]).toEqual([
      ...['batch_hard', 'soft', 1, NaN, NaN, NaN],
      ...[runs[4].id, 'failed', 'no <data>'],
    ]);
  });

  it('keeps numbers numbers, and can be grouped', () => {
    const frame = compareRuns(runs.slice(0, 3));
    const mean = frame.groupby(['margin']).col(['loss']).mean();
    // Groups come in the order of JavaScript's object keys.
    expect([...(mean.values as number[][])].sort(([a], [b]) => a - b)).toEqual([
      [0.5, expect.closeTo(0.3, 6)],
      [1, 0.1],
    ]);
  });

  it('has the limits that only some runs have as NaN', () => {
    const limited = [runOf({ trainLimit: 100 }, {}), runOf({}, {})];
    expect(compareRuns(limited).column('trainLimit').values).toEqual([100, NaN]);
  });
});

describe('effectCurves', () => {
  const plotly = (
    figure: Figure,
  ): { data: Record<string, unknown>[]; layout: Record<string, unknown> } => {
    if (!('plotly' in figure.interactive)) throw new Error('not a plotly figure');
    return figure.interactive.plotly as ReturnType<typeof plotly>;
  };
  const grid = [3, 0.5, 1].flatMap((margin) =>
    ([2, 3] as const).flatMap((blocks) =>
      [1, 2].map((seed) =>
        runOf({ margin, blocks, seed }, { loss: margin + blocks * seed, precisionAt1: 1 }),
      ),
    ),
  );

  it('draws means against the factor, a line for each other combination, a panel for each metric', () => {
    const figure = effectCurves(grid, { title: 'Margins', factor: 'margin' });
    const { data, layout } = plotly(figure);
    const lines = data.filter(
      ({ mode, line }) => mode === 'lines' && (line as { width: number }).width > 0,
    );
    expect(lines.map(({ name, yaxis, x, y }) => [name, yaxis, x, y])).toEqual([
      ['blocks 2', 'y', [0.5, 1, 3], [3.5, 4, 6]],
      ['blocks 3', 'y', [0.5, 1, 3], [5, 5.5, 7.5]],
      ['blocks 2', 'y2', [0.5, 1, 3], [1, 1, 1]],
      ['blocks 3', 'y2', [0.5, 1, 3], [1, 1, 1]],
    ]);
    expect(layout.xaxis).toMatchObject({ tickvals: [3, 0.5, 1], ticktext: ['3', '0.5', '1'] });
    expect(figure.alt).toBe(
      'Margins: loss against margin of blocks 2, blocks 3; precision@1 against margin of blocks 2, blocks 3.',
    );
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
  });

  it('draws one standard deviation to either side as a band', () => {
    const { data } = plotly(effectCurves(grid, { title: '', factor: 'margin' }));
    const [low, high] = data.filter(
      ({ line }) => (line as { width: number } | undefined)?.width === 0,
    );
    // Of two seeds, blocks apart.
    const deviation = Math.sqrt(2);
    for (const [i, mean] of [3.5, 4, 6].entries()) {
      expect((low.y as number[])[i]).toBeCloseTo(mean - deviation, 4);
      expect((high.y as number[])[i]).toBeCloseTo(mean + deviation, 4);
    }
    expect(high).toMatchObject({ fill: 'tonexty', fillcolor: 'rgba(0,114,178,0.15)' });
    const once = plotly(effectCurves([grid[0], grid[4]], { title: '', factor: 'margin' }));
    expect(once.data.some(({ fill }) => fill)).toBe(false);
  });

  it('draws the confidence interval of the mean where that is asked for', () => {
    const options = { title: '', factor: 'margin', band: 'confidence' } as const;
    const [low] = plotly(effectCurves(grid, options)).data.filter(
      ({ line }) => (line as { width: number } | undefined)?.width === 0,
    );
    // Two seeds: 12.706 times the standard error, which is the deviation over sqrt(2).
    for (const [i, mean] of [3.5, 4, 6].entries()) {
      expect((low.y as number[])[i]).toBeCloseTo(mean - 12.7062, 3);
    }
    const band = 'range' as 'deviation';
    expect(() => effectCurves(grid, { ...options, band })).toThrow(
      "effectCurves: band must be 'deviation' or 'confidence', got 'range'",
    );
  });

  it('spreads numbers that range widely by their logarithm, and puts words side by side', () => {
    const rates = [1e-3, 1e-7].map((learningRate) => runOf({ learningRate }, { loss: 1 }));
    const wide = plotly(effectCurves(rates, { title: '', factor: 'learningRate' })).layout.xaxis;
    expect(wide).toMatchObject({ tickvals: [-3, -7], ticktext: ['0.001', '1e−7'] });
    const words = (['batch_hard', 'batch_all'] as const).map((strategy) =>
      runOf({ strategy }, { loss: 1 }),
    );
    const named = plotly(effectCurves(words, { title: '', factor: 'strategy' }));
    expect(named.layout.xaxis).toMatchObject({
      tickvals: [0, 1],
      ticktext: ['batch_hard', 'batch_all'],
    });
    expect(named.data[0]).toMatchObject({ x: [0, 1], y: [1, 1] });
  });

  it('leaves out runs that failed, and says what cannot be drawn', () => {
    const { data } = plotly(effectCurves(runs, { title: '', factor: 'margin' }));
    expect(
      data.find(({ mode, line }) => mode === 'lines' && (line as { width: number }).width > 0),
    ).toMatchObject({
      x: [0, 1],
      y: [expect.closeTo(0.3, 4), 0.1],
    });
    expect(() => effectCurves([], { title: '', factor: 'margin' })).toThrow(RangeError);
    expect(() => effectCurves(runs, { title: '', factor: 'seed' })).toThrow(
      "effectCurves: factor must not be 'seed', over which means are taken",
    );
  });
});
