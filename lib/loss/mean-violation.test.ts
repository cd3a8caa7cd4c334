import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { randomInteger, seededRandom } from '../data/random';
import { batchAllLoss } from './batch-all';
import { randomBatch } from './batches.test-support';
import { meanViolation } from './mean-violation';
import { plainBatchAll, plainSemiHard } from './plain-loops.test-support';
import { rankDistances } from './ranked-distances';
import { semiHardLoss } from './semi-hard';

/** `distances`, all of them `offset` larger, with zeros on the diagonal. */
function randomDistances(size: number, spread: number, offset: number): Float32Array {
  const random = seededRandom(size, Math.ceil(spread), offset);
  return Float32Array.from({ length: size * size }, (_, i) =>
    i % (size + 1) === 0 ? 0 : offset + spread * random(),
  );
}

/** The mean violation and its gradient in float64, given d(a,p) + margin rounded to float32. */
function plain(
  distances: Float32Array,
  labels: Int32Array,
  margin: number,
): { loss: number; gradient: Float64Array } {
  const size = labels.length;
  const gradient = new Float64Array(size * size);
  let [sum, count] = [0, 0];
  for (let a = 0; a < size; a++) {
    for (let p = 0; p < size; p++) {
      if (p === a || labels[p] !== labels[a]) continue;
      const key = Math.fround(distances[a * size + p] + Math.fround(margin));
      for (let n = 0; n < size; n++) {
        if (labels[n] === labels[a] || !(key > distances[a * size + n])) continue;
        sum += key - distances[a * size + n];
        count++;
        gradient[a * size + p]++;
        gradient[a * size + n]--;
      }
    }
  }
  return { loss: sum / count, gradient: gradient.map((g) => g / count) };
}

describe('meanViolation', () => {
  const size = 200;
  const random = seededRandom(7);
  const labels = Int32Array.from({ length: size }, () => randomInteger(random, 5));

  it.each([
    { spread: 1, offset: 0, margin: 0.5 },
    { spread: 1e-4, offset: 0, margin: 0.5 },
    { spread: 1e4, offset: 0, margin: 0.5 },
    { spread: 1e6, offset: 0, margin: 0.5 },
    { spread: 1, offset: 1e3, margin: 0.01 },
    { spread: 10, offset: 1e5, margin: 0.5 },
    { spread: 1e3, offset: 1e6, margin: 1 },
    // The only violations are of one unit in the last place.
    { spread: 1, offset: 2 ** 23, margin: 1 },
  ])('loses no digits to rounding: %o', ({ spread, offset, margin }) => {
    const distances = randomDistances(size, spread, offset);
    const expected = plain(distances, labels, margin);
    const [loss, gradient] = tf.tidy(() => {
      const y = tf.tensor1d(labels, 'int32');
      const of = (d: tf.Tensor): tf.Scalar => {
        const matrix = d as tf.Tensor2D;
        return meanViolation(matrix, y, rankDistances(matrix, y, { margin, ties: false })).loss;
      };
      const { value, grad } = tf.valueAndGrad(of)(tf.tensor2d(distances, [size, size]));
      return [value.dataSync()[0], grad.dataSync<'float32'>()];
    });
    expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-5);
    const largest = Math.max(...expected.gradient.map(Math.abs));
    const errors = expected.gradient.map((g, i) => Math.abs(g - gradient[i]));
    expect(Math.max(...errors)).toBeLessThan(1e-6 * largest);
  });

  it.each([
    { name: 'batchAllLoss', loss: batchAllLoss, plainLoss: plainBatchAll },
    { name: 'semiHardLoss', loss: semiHardLoss, plainLoss: plainSemiHard },
  ])('gives $name of 512 items what plain loops give', ({ loss, plainLoss }) => {
    const batch = randomBatch(5, 512, 16, 10);
    const options = { margin: 1, squared: false };
    const expected = plainLoss(batch.points, batch.labels, options);
    tf.tidy(() => {
      const found = loss(tf.tensor2d(batch.points), tf.tensor1d(batch.labels, 'int32'), options);
      expect(Math.abs(found.loss.dataSync()[0] / expected.loss - 1)).toBeLessThan(1e-5);
      expect(found.fractionPositive.dataSync()[0]).toBeCloseTo(expected.fractionPositive, 6);
    });
  });
});
