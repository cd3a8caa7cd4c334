import { describe, expect, it } from 'vitest';
import type { MetricsLine } from '../experiment/run-folder';
import type { Figure } from './figure';
import { readPixels } from './pixels';
import { runCurves } from './run-curves';

function run(height: number): { metrics: MetricsLine[] } {
  const metrics = [1, 2, 3, 4].flatMap((step): MetricsLine[] => [
    { step, split: 'train', values: { loss: -1, 'mean loss': height / step, 'mean norm': step } },
    { step, split: 'validation', values: { loss: height, precisionAt1: step / 4 } },
  ]);
  return { metrics };
}

function plotly(figure: Figure): {
  data: Record<string, unknown>[];
  layout: Record<string, { range: [number, number] }>;
} {
  if (!('plotly' in figure.interactive)) throw new Error('not a plotly figure');
  return figure.interactive.plotly as ReturnType<typeof plotly>;
}

const runs = { low: run(1), high: run(10), none: { metrics: [] }, last: run(4) };

describe('runCurves', () => {
  const figure = runCurves(runs, {
    title: 'Loss',
    lossReferences: [{ y: 20, label: 'margin' }],
    smooth: 0,
  });

  it('draws a panel for each run, with its name', () => {
    const { data, layout } = plotly(figure);
    expect(data.map(({ name, yaxis, y }) => [name, yaxis, y])).toEqual([
      ['train', 'y', [1, 1 / 2, 1 / 3, 1 / 4].map((v) => expect.closeTo(v, 4) as number)],
      ['validation', 'y', [1, 1, 1, 1]],
      ['train', 'y2', [10, 5, 10 / 3, 2.5].map((v) => expect.closeTo(v, 4) as number)],
      ['validation', 'y2', [10, 10, 10, 10]],
      ['train', 'y4', [4, 2, 4 / 3, 1].map((v) => expect.closeTo(v, 4) as number)],
      ['validation', 'y4', [4, 4, 4, 4]],
    ]);
    for (const name of Object.keys(runs)) expect(JSON.stringify(layout)).toContain(name);
  });

  it('gives all panels the same y axis, which holds every value and every reference', () => {
    const { layout } = plotly(figure);
    const ranges = ['yaxis', 'yaxis2', 'yaxis4'].map((axis) => layout[axis].range);
    expect(ranges[1]).toEqual(ranges[0]);
    expect(ranges[2]).toEqual(ranges[0]);
    expect(ranges[0][0]).toBeLessThanOrEqual(0.25);
    expect(ranges[0][1]).toBeGreaterThanOrEqual(20);
  });

  it('stands in rows of three unless told', () => {
    expect(figure.height).toBe(340 + 250);
    expect(runCurves(runs, { title: '', columns: 4 }).height).toBe(340);
  });

  it('draws another metric, and a still', () => {
    const precision = runCurves({ low: runs.low }, { title: '', metric: 'precisionAt1' });
    expect(plotly(precision).data).toMatchObject([{ name: 'validation', y: [0.25, 0.5, 0.75, 1] }]);
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
  });

  it('says what is missing', () => {
    expect(() => runCurves(runs, { title: '', metric: 'accuracy' })).toThrow(
      new RangeError("runCurves: the run has no metric 'accuracy'"),
    );
    expect(() => runCurves({}, { title: '' })).toThrow('curvePanels: panels must not be empty');
  });
});
