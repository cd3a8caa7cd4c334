import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { objective, STRATEGIES } from './objective';

describe('objective', () => {
  const embeddings = [
    [0, 1],
    [2, 0],
    [1, 1],
    [3, 3],
  ];
  const evaluate = (options: Parameters<typeof objective>[0]): number =>
    tf.tidy(
      () =>
        objective(options)(
          tf.tensor2d(embeddings),
          tf.tensor1d([0, 0, 1, 1], 'int32'),
        ).loss.dataSync()[0],
    );

  it('passes the settings on', () => {
    const found = STRATEGIES.flatMap((strategy) =>
      [0.5, 3].flatMap((margin) =>
        [true, false].map((squared) => evaluate({ strategy, margin, squared })),
      ),
    );
    expect(new Set(found).size).toBe(found.length);
    expect(evaluate({ strategy: 'batch_hard', margin: 'soft', squared: false })).toBeGreaterThan(0);
  });

  it("refuses margin 'soft' with batch_all", () => {
    expect(() => objective({ strategy: 'batch_all', margin: 'soft', squared: false })).toThrow(
      new RangeError("objective: margin 'soft' goes with batch_hard, got batch_all"),
    );
  });
});
