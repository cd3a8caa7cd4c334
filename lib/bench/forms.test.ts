import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { LOSS_FORMS } from './loss-forms';
import { RANKING_FORMS } from './ranking-forms';
import { loss } from './sections/loss';
import { ranking } from './sections/ranking';
import type { Form } from './form';

const SIZE = 12;

function evaluate({ inputs, step }: Form): Record<string, number[]> {
  return tf.tidy(() => {
    const given = Object.entries(inputs(SIZE)).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32'),
    ]);
    const results = Object.entries(step(Object.fromEntries(given)));
    return Object.fromEntries(results.map(([name, tensor]) => [name, [...tensor.dataSync()]]));
  });
}

describe('forms', () => {
  it.each([
    { section: loss, forms: LOSS_FORMS },
    { section: ranking, forms: RANKING_FORMS },
  ])('are those of the section $section.name', ({ section, forms }) => {
    const named = new Set(section.workloads.map((workload) => workload.loss));
    expect([...named].sort()).toEqual(Object.keys(forms).sort());
  });

  it.each(['batch_all', 'semi_hard'])('%s and its dense form do the same work', (name) => {
    const [sorted, dense] = [evaluate(LOSS_FORMS[name]), evaluate(LOSS_FORMS[`${name}_dense`])];
    expect(sorted.loss[0]).toBeGreaterThan(0);
    expect(sorted.loss[0]).toBeCloseTo(dense.loss[0], 5);
    expect(sorted.gradient.some((g) => g !== 0)).toBe(true);
    sorted.gradient.forEach((g, i) => expect(g).toBeCloseTo(dense.gradient[i], 5));
  });

  it('that gather give the same, and those that invert undo the order', () => {
    const along = evaluate(RANKING_FORMS['gather along rows (used)']).values;
    expect(evaluate(RANKING_FORMS['gather from one vector']).values).toEqual(along);
    const { x, order } = RANKING_FORMS['gather from one vector'].inputs(SIZE);
    const { inverse } = evaluate(RANKING_FORMS['topk that inverts the order']);
    const scattered = evaluate(RANKING_FORMS['scatterND that inverts the order (used)']).values;
    for (let i = 0; i < SIZE * SIZE; i++) {
      const row = SIZE * Math.floor(i / SIZE);
      expect(order.data[row + inverse[i]]).toBe(i % SIZE);
      expect(scattered[row + order.data[i]]).toBe(x.data[i]);
    }
  });
});
