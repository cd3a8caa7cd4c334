import { describe, expect, it } from 'vitest';
import type { MetricsLine } from '../experiment/run-folder';
import type { Figure } from './figure';
import { smooth } from './smooth';
import { trainingCurves } from './training-curves';

/** A run's metrics: training every step, validation every fourth, halving step by step. */
function metricsOf(names: string[], validationOnly: string[] = []): MetricsLine[] {
  const lines: MetricsLine[] = [];
  const values = (all: string[], value: number, prefix = ''): Record<string, number> =>
    Object.fromEntries(all.map((name, i) => [`${prefix}${name}`, (i + 1) * value]));
  for (let step = 1; step <= 8; step++) {
    const value = 2 ** -step;
    const train = { ...values(names, 99), ...values(names, value, 'mean ') };
    lines.push({ step, split: 'train', values: train });
    if (step % 4 > 0) continue;
    lines.push({
      step,
      split: 'validation',
      values: values([...names, ...validationOnly], 10 * value),
    });
  }
  return lines;
}

const TRIPLETS = { metrics: metricsOf(['loss', 'fractionPositive', 'meanNorm'], ['precisionAt1']) };

function plotly(figure: Figure): {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
} {
  if (!('plotly' in figure.interactive)) throw new Error('not a plotly figure');
  return figure.interactive.plotly;
}

describe('trainingCurves', () => {
  it('draws training, measured and smoothed, and validation of loss and fraction', () => {
    const { data } = plotly(trainingCurves(TRIPLETS, { title: 'Run' }));
    expect(data.map(({ name, yaxis, opacity }) => [name, yaxis, opacity])).toEqual(
      ['y', 'y2'].flatMap((axis) => [
        ['train', axis, 0.3],
        ['train', axis, 1],
        ['validation', axis, 1],
      ]),
    );
    const measured = [1, 2, 3, 4, 5, 6, 7, 8].map((step) => 2 ** -step);
    const expected = smooth(measured, 0.6);
    (data[0].y as number[]).forEach((y, i) => expect(y).toBeCloseTo(measured[i], 5));
    (data[1].y as number[]).forEach((y, i) => expect(y).toBeCloseTo(expected[i], 5));
    expect(data[2]).toMatchObject({ x: [4, 8], y: [0.625, 0.0390625] });
  });

  it('draws the metrics it is asked for, those of validation alone included', () => {
    const metrics = ['precisionAt1', 'meanNorm', 'loss', 'fractionPositive'];
    const figure = trainingCurves(TRIPLETS, { title: 'Run', metrics, smooth: 0 });
    const { data } = plotly(figure);
    expect(data.map(({ name, yaxis }) => `${String(name)} ${String(yaxis)}`)).toEqual([
      'validation y',
      'train y2',
      'validation y2',
      'train y3',
      'validation y3',
      'train y4',
      'validation y4',
    ]);
    expect(figure.alt).toContain('precision at 1, leave-one-out against step of validation');
    expect(figure.alt).toContain('mean embedding norm against step of train, validation');
    expect(figure.height).toBe(340 + 250);
  });

  it('smooths validation too if asked to', () => {
    const { data } = plotly(
      trainingCurves(TRIPLETS, { title: 'Run', metrics: ['loss'], smoothValidation: 0.6 }),
    );
    expect(data.map(({ opacity }) => opacity)).toEqual([0.3, 1, 0.3, 1]);
  });

  it('shows the accuracy of a softmax run', () => {
    const run = { metrics: metricsOf(['loss', 'accuracy']) };
    expect(trainingCurves(run, { title: 'Run' }).alt).toContain('accuracy against step');
  });

  it('draws published values where they belong', () => {
    const published = {
      margin: 1,
      loss: { train: 0.1, validation: 0.2 },
      fractionPositive: { train: 0.3, validation: 0.4 },
    };
    const { layout } = plotly(
      trainingCurves(TRIPLETS, {
        title: 'Run',
        metrics: ['meanNorm', 'loss', 'fractionPositive'],
        published,
        lossReferences: [{ y: 0.5, label: 'bound' }],
      }),
    );
    expect(layout.shapes).toMatchObject([
      { yref: 'y2', y0: 0.2 },
      { yref: 'y2', y0: 0.5 },
      { yref: 'y3', y0: 0.4 },
    ]);
  });

  it('says what a run does not have, and draws empty axes for a run without metrics', () => {
    expect(() => trainingCurves(TRIPLETS, { title: '', metrics: ['accuracy'] })).toThrow(
      new RangeError("trainingCurves: the run has no metric 'accuracy'"),
    );
    expect(() => trainingCurves(TRIPLETS, { title: '', metrics: [] })).toThrow(
      'curvePanels: panels must not be empty',
    );
    expect(trainingCurves({ metrics: [] }, { title: '' }).alt).toContain('no data');
  });
});
