import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { type Random, randomInteger, seededRandom } from '../data/random';
import { isMissing, pythonModule, runPython } from '../data/require-peer';
import { classScores, confusionMatrix } from './confusion';

/** Labels of which the predicted ones are right about half the time; the last class is absent. */
function randomLabels(random: Random, count: number, classes: number) {
  const label = (): number => randomInteger(random, classes - 1);
  const actual = Array.from({ length: count }, label);
  const predicted = actual.map((right) => (random() < 0.5 ? right : label()));
  return { actual, predicted };
}

describe('confusionMatrix', () => {
  it('counts the pairs of labels', () => {
    const random = seededRandom(1);
    for (let trial = 0; trial < 20; trial++) {
      const classes = 2 + randomInteger(random, 6);
      const { actual, predicted } = randomLabels(random, randomInteger(random, 200), classes);
      const { data, shape } = confusionMatrix(predicted, actual, classes);
      expect(shape).toEqual([classes, classes]);
      data.forEach((count, k) => {
        const [a, p] = [Math.floor(k / classes), k % classes];
        expect(count).toBe(actual.filter((label, i) => label === a && predicted[i] === p).length);
      });
    }
  });

  it('names what is wrong', () => {
    const wrong = (predicted: number[], actual: number[], classes = 3) =>
      expect(() => confusionMatrix(predicted, actual, classes));
    wrong([0, 1], [0]).toThrow(
      'confusionMatrix: predicted must have a label for each of the 1 items, got 2',
    );
    wrong([0, 3], [0, 1]).toThrow(
      'confusionMatrix: predicted must be labels from 0 to 2, label 1 is 3',
    );
    wrong([0], [-1]).toThrow('actual must be labels from 0 to 2, label 0 is -1');
    wrong([0.5], [0]).toThrow('label 0 is 0.5');
    wrong([0], [NaN]).toThrow('label 0 is NaN');
    wrong([], [], 0).toThrow('classes must be a whole number > 0, got 0');
  });
});

describe('classScores', () => {
  it('agrees with plain loops over the items', () => {
    const random = seededRandom(2);
    const classes = 5;
    const { actual, predicted } = randomLabels(random, 300, classes);
    const { accuracy, macroF1, perClass } = classScores(
      confusionMatrix(predicted, actual, classes),
    );
    const items = actual.map((label, i) => ({ label, guess: predicted[i] }));
    const share = (part: unknown[], whole: unknown[]): number => part.length / whole.length;
    expect(accuracy).toBe(
      share(
        items.filter(({ label, guess }) => label === guess),
        items,
      ),
    );
    const f1s = perClass.slice(0, -1).map(({ precision, recall, f1, count }, c) => {
      const ofClass = items.filter(({ label }) => label === c);
      const guessed = items.filter(({ guess }) => guess === c);
      const hits = ofClass.filter(({ guess }) => guess === c);
      expect([precision, recall, count]).toEqual([
        share(hits, guessed),
        share(hits, ofClass),
        ofClass.length,
      ]);
      expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
      return f1;
    });
    expect(macroF1).toBeCloseTo(f1s.reduce((sum, f1) => sum + f1, 0) / f1s.length, 12);
  });

  it('leaves a class that does not come up out of the mean, and scores a missed one 0', () => {
    // Class 1 is never predicted, class 2 neither occurs nor is predicted.
    const scores = classScores(confusionMatrix([0, 0, 0, 0], [0, 0, 1, 1], 3));
    expect(scores.perClass).toEqual([
      { precision: 0.5, recall: 1, f1: 2 / 3, count: 2 },
      { precision: NaN, recall: 0, f1: 0, count: 2 },
      { precision: NaN, recall: NaN, f1: NaN, count: 0 },
    ]);
    expect(scores.macroF1).toBeCloseTo(1 / 3, 12);
    expect(classScores(confusionMatrix([], [], 2))).toMatchObject({ accuracy: NaN, macroF1: NaN });
  });

  it('refuses what is not square', () => {
    expect(() => classScores(matrix(new Float32Array(6), [2, 3]))).toThrow(
      'classScores: confusion must be square, got 2 x 3',
    );
  });
});

describe.skipIf(isMissing(pythonModule('scikit-learn', 'sklearn')))('beside scikit-learn', () => {
  it('has the same matrix and scores', () => {
    const random = seededRandom(3);
    for (const [count, classes] of [
      [500, 10],
      [40, 3],
    ]) {
      const { actual, predicted } = randomLabels(random, count, classes);
      const expected = runPython(
        `from sklearn import metrics as m
actual, predicted, labels = data['actual'], data['predicted'], list(range(data['classes'] - 1))
p, r, f, n = m.precision_recall_fscore_support(actual, predicted, labels=labels)
result = {'matrix': m.confusion_matrix(actual, predicted, labels=labels).ravel().tolist(),
  'perClass': [dict(zip(['precision', 'recall', 'f1', 'count'], map(float, row))) for row in zip(p, r, f, n)],
  'accuracy': m.accuracy_score(actual, predicted), 'macroF1': m.f1_score(actual, predicted, average='macro')}`,
        { actual, predicted, classes },
      ) as { matrix: number[]; accuracy: number; macroF1: number; perClass: object[] };
      const confusion = confusionMatrix(predicted, actual, classes);
      const { accuracy, macroF1, perClass } = classScores(confusion);
      const occurring = confusionMatrix(predicted, actual, classes - 1);
      expect([...occurring.data]).toEqual(expected.matrix);
      expect(accuracy).toBeCloseTo(expected.accuracy, 12);
      expect(macroF1).toBeCloseTo(expected.macroF1, 12);
      expected.perClass.forEach((scores, c) => {
        for (const [name, value] of Object.entries(scores)) {
          expect(perClass[c]).toHaveProperty(name, expect.closeTo(value as number, 12));
        }
      });
    }
  });
});
