import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageSet } from '../data/dataset';
import { randomInteger, seededRandom } from '../data/random';
import { shuffledBatches } from '../data/shuffled-batches';
import type { EngineOptions } from '../engine/device';
import { classificationHead } from '../model/classification-head';
import { embed } from './embedder';
import { objective } from './objective';
import { STRATEGIES } from './strategies';
import { namedWeights, Trainer, type TrainerOptions } from './trainer';

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

/** 30 images of 4 x 3 pixels in three classes: noise, and one brighter row in each class. */
const random = seededRandom(1);
const IMAGES: ImageSet = {
  images: Uint8Array.from({ length: 30 * 12 }, (_, at) => {
    const [image, row] = [Math.floor(at / 12), Math.floor((at % 12) / 3)];
    return randomInteger(random, 156) + (image % 3 === row ? 100 : 0);
  }),
  labels: Uint8Array.from({ length: 30 }, (_, i) => i % 3),
  count: 30,
  height: 4,
  width: 3,
};
const LOSS = objective({ strategy: 'batch_all', margin: 1, squared: false });

function network(seed = 1): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [4, 3, 1],
        filters: 2,
        kernelSize: 3,
        padding: 'same',
        kernelInitializer,
      }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 5, kernelInitializer }),
    ],
  });
}

function trainer({ model = network(), ...options }: Partial<TrainerOptions> = {}): Trainer {
  return new Trainer({
    model,
    objective: LOSS,
    optimiser: { learningRate: 0.01 },
    images: IMAGES,
    batches: shuffledBatches(IMAGES.count, { batchSize: 8, seed: 3 }),
    ...options,
  });
}

describe('Trainer', () => {
  it('reports the loss of the batch before the step', async () => {
    const model = network();
    const batches = shuffledBatches(IMAGES.count, { batchSize: 8, seed: 3 });
    const indices = [...batches.batch(0)];
    const expected = tf.tidy(() => {
      const pixels = indices.flatMap((i) => [...IMAGES.images.subarray(12 * i, 12 * i + 12)]);
      const embedded = model.apply(tf.tensor(pixels, [8, 4, 3, 1]).div(255)) as tf.Tensor2D;
      const labels = tf.tensor1d(
        indices.map((i) => IMAGES.labels[i]),
        'int32',
      );
      return LOSS(embedded, labels).loss.dataSync()[0];
    });
    const training = trainer({ model, batches });
    const metrics = await training.train(0);
    expect(Object.keys(metrics)).toEqual(['loss', 'fractionPositive']);
    expect(metrics.loss).toBeCloseTo(expected, 5);
    await training.dispose();
  });

  it('learns: fewer and fewer triplets violate the margin', async () => {
    const training = trainer({ optimiser: { learningRate: 0.02 } });
    const fractions: number[] = [];
    for (let i = 0; i < 60; i++) fractions.push((await training.train(i)).fractionPositive);
    const mean = (list: number[]): number => list.reduce((sum, x) => sum + x) / list.length;
    expect(mean(fractions.slice(-10))).toBeLessThan(0.5 * mean(fractions.slice(0, 10)));
    await training.dispose();
  });

  it('goes on from a saved state exactly as if it had never stopped', async () => {
    const uncut = trainer();
    const expected = [];
    for (let step = 0; step < 6; step++) expected.push(await uncut.train(step));
    const first = trainer();
    for (let step = 0; step < 3; step++) await first.train(step);
    const state = first.state();
    await first.dispose();
    // Another start and another history: none of it may shine through.
    const second = trainer({ model: network(99) });
    second.restore(state);
    const resumed = [];
    for (let step = 3; step < 6; step++) resumed.push(await second.train(step));
    expect(resumed).toEqual(expected.slice(3));
    expect(second.state()).toEqual(uncut.state());
    await uncut.dispose();
    await second.dispose();
  });

  it('can be looked at between steps without being disturbed', async () => {
    const [watched, alone] = [trainer(), trainer()];
    for (let step = 0; step < 4; step++) {
      await watched.train(step);
      watched.state();
      await alone.train(step);
    }
    expect(watched.state()).toEqual(alone.state());
    await watched.dispose();
    await alone.dispose();
  });

  it('saves copies, which later steps leave alone', async () => {
    const training = trainer();
    const before = training.state();
    const copy = structuredClone(before);
    await training.train(0);
    training.state();
    expect(before).toEqual(copy);
    expect(training.state()).not.toEqual(copy);
    await training.dispose();
  });

  it('keeps what changes without being trained: moving averages of batch normalisation', async () => {
    const normalised = (): tf.LayersModel =>
      tf.sequential({
        layers: [
          tf.layers.flatten({ inputShape: [4, 3, 1] }),
          tf.layers.dense({
            units: 5,
            kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
          }),
          tf.layers.batchNormalization({}),
        ],
      });
    const uncut = trainer({ model: normalised() });
    for (let step = 0; step < 6; step++) await uncut.train(step);
    const first = trainer({ model: normalised() });
    for (let step = 0; step < 3; step++) await first.train(step);
    const second = trainer({ model: normalised() });
    second.restore(first.state());
    for (let step = 3; step < 6; step++) await second.train(step);
    expect(second.state()).toEqual(uncut.state());
    const average = uncut.state()['2 BatchNormalization moving_mean'].data;
    expect([...average].every((mean) => mean !== 0)).toBe(true);
    for (const training of [uncut, first, second]) await training.dispose();
  });

  it('leaves its weights in the model, and nothing else, when it is disposed of', async () => {
    const model = network();
    const { numTensors } = tf.memory();
    const training = trainer({ model });
    await training.train(0);
    const state = training.state();
    await training.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
    for (const [name, weight] of Object.entries(namedWeights(model))) {
      expect([...weight.dataSync()]).toEqual([...state[name].data]);
    }
  });

  it.each([
    [
      'a missing array',
      { '2 Dense bias': undefined },
      "restore: '2 Dense bias' must have shape [5], got nothing",
    ],
    [
      'another shape',
      { '2 Dense kernel': { data: new Float32Array(120), shape: [5, 24] } },
      "restore: '2 Dense kernel' must have shape [24,5], got [5,24]",
    ],
    [
      'no state of the optimiser',
      { 'adam m': undefined },
      "restore: 'adam m' must have shape [145], got nothing",
    ],
  ])('refuses a state with %s', async (_, changes, message) => {
    const training = trainer();
    const state = { ...training.state(), ...changes } as ReturnType<Trainer['state']>;
    expect(() => training.restore(state)).toThrow(new Error(message));
    await training.dispose();
  });

  it.each<[string, EngineOptions]>([
    ['compiled', { engine: 'compiled' }],
    ['cpu', { engine: 'cpu' }],
  ])('shows NaN weights in the loss, engine %s', async (_, engine) => {
    for (const strategy of STRATEGIES) {
      const model = network();
      const head = classificationHead({ seed: 1, dimension: 5, classes: 3 });
      const training = trainer({
        model,
        head: strategy === 'softmax' ? head : undefined,
        objective: objective({ strategy, margin: 1, squared: false }),
        ...engine,
      });
      const state = training.state();
      state['2 Dense bias'].data[1] = NaN;
      training.restore(state);
      expect((await training.train(0)).loss, strategy).toBeNaN();
      await training.dispose();
    }
  });
});

describe('Trainer with a head', () => {
  const SOFTMAX = objective({ strategy: 'softmax', margin: 1, squared: false });
  const head = (seed = 5): tf.LayersModel => classificationHead({ seed, dimension: 5, classes: 3 });

  it('learns to classify', async () => {
    const training = trainer({
      head: head(),
      objective: SOFTMAX,
      optimiser: { learningRate: 0.03 },
    });
    const metrics: Record<string, number>[] = [];
    for (let i = 0; i < 100; i++) metrics.push(await training.train(i));
    expect(Object.keys(metrics[0])).toEqual(['loss', 'accuracy']);
    const mean = (name: string, list: typeof metrics): number =>
      list.reduce((sum, values) => sum + values[name], 0) / list.length;
    expect(mean('loss', metrics.slice(-10))).toBeLessThan(0.5 * mean('loss', metrics.slice(0, 10)));
    expect(mean('accuracy', metrics.slice(-10))).toBeGreaterThan(0.9);
    await training.dispose();
  });

  it('takes five steps compiled as it does on tfjs itself', async () => {
    const states = [];
    for (const engine of ['compiled', 'cpu'] as const) {
      const training = trainer({ head: head(), objective: SOFTMAX, engine });
      for (let i = 0; i < 5; i++) await training.train(i);
      states.push(training.state());
      await training.dispose();
    }
    const [compiled, eager] = states;
    expect(Object.keys(compiled)).toEqual(Object.keys(eager));
    for (const [name, { data }] of Object.entries(eager)) {
      const scale = Math.max(...data.map(Math.abs));
      const errors = data.map((w, i) => Math.abs(compiled[name].data[i] - w));
      expect(Math.max(...errors), name).toBeLessThan(1e-4 * scale);
    }
  });

  it('saves the head and goes on from it exactly', async () => {
    const uncut = trainer({ head: head(), objective: SOFTMAX });
    for (let step = 0; step < 6; step++) await uncut.train(step);
    const first = trainer({ head: head(), objective: SOFTMAX });
    for (let step = 0; step < 3; step++) await first.train(step);
    const second = trainer({ model: network(99), head: head(98), objective: SOFTMAX });
    second.restore(first.state());
    for (let step = 3; step < 6; step++) await second.train(step);
    expect(second.state()).toEqual(uncut.state());
    expect(Object.keys(uncut.state())).toEqual(
      expect.arrayContaining(['head 0 Dense kernel', 'head 0 Dense bias', 'adam m']),
    );
    for (const training of [uncut, first, second]) await training.dispose();
  });

  it('refuses a head that the loss does not look at', async () => {
    const training = trainer({ head: head(), objective: LOSS });
    await expect(training.train(0)).rejects.toThrow(
      "lossAndGradients: the loss does not depend on 'head 0 Dense kernel'",
    );
    await training.dispose();
  });

  it('is evaluated by embed, which still gives embeddings', async () => {
    const [model, top] = [network(), head()];
    const { embeddings, averages } = await embed(model, IMAGES, {
      batchSize: 30,
      head: top,
      objective: SOFTMAX,
    });
    expect(embeddings).toEqual((await embed(model, IMAGES, { batchSize: 30 })).embeddings);
    const expected = tf.tidy(() => {
      const logits = top.apply(tf.tensor2d(embeddings.data, [30, 5])) as tf.Tensor2D;
      const own = tf.oneHot(tf.tensor1d(IMAGES.labels, 'int32'), 3);
      return tf.losses.softmaxCrossEntropy(own, logits).dataSync()[0];
    });
    expect(averages.loss).toBeCloseTo(expected, 5);
  });
});

describe('namedWeights', () => {
  it('does not depend on what was built before', () => {
    const names = Object.keys(namedWeights(network()));
    expect(names).toEqual(['0 Conv2D kernel', '0 Conv2D bias', '2 Dense kernel', '2 Dense bias']);
    expect(Object.keys(namedWeights(network()))).toEqual(names);
  });
});

describe('embed', () => {
  it.each([1, 7, 8, 30, 64])(
    'embeds like the model itself, in batches of %i',
    async (batchSize) => {
      const model = network();
      const expected = tf.tidy(() => {
        const pixels = tf.tensor(IMAGES.images, [30, 4, 3, 1]).div(255);
        return (model.apply(pixels) as tf.Tensor2D).dataSync();
      });
      const { embeddings, averages } = await embed(model, IMAGES, { batchSize });
      expect(embeddings.shape).toEqual([30, 5]);
      embeddings.data.forEach((x, i) => expect(x).toBeCloseTo(expected[i], 5));
      expect(averages).toEqual({});
    },
  );

  it('averages the objective over batches, a short last one counting as a whole', async () => {
    const model = network();
    const { embeddings, averages } = await embed(model, IMAGES, { batchSize: 12, objective: LOSS });
    const losses = [
      [0, 12],
      [12, 24],
      [24, 30],
    ].map(([from, to]) =>
      tf.tidy(() => {
        const rows = embeddings.data.slice(from * 5, to * 5);
        const labels = tf.tensor1d(IMAGES.labels.slice(from, to), 'int32');
        return LOSS(tf.tensor2d(rows, [to - from, 5]), labels).loss.dataSync()[0];
      }),
    );
    expect(averages.loss).toBeCloseTo((losses[0] + losses[1] + losses[2]) / 3, 5);
    expect(Object.keys(averages)).toEqual(['loss', 'fractionPositive']);
  });

  it('tells its progress and stops when it is asked to', async () => {
    const stop = new AbortController();
    const done: number[] = [];
    const embedding = embed(network(), IMAGES, {
      batchSize: 10,
      signal: stop.signal,
      onProgress: (progress) => {
        done.push(progress.done / progress.total);
        if (done.length === 2) stop.abort();
      },
    });
    await expect(embedding).rejects.toThrow('aborted');
    expect(done).toEqual([1 / 3, 2 / 3]);
  });
});
