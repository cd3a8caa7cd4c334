import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile';
import {
  differences,
  integers,
  loweredKernels,
  named,
  normal,
  type Case,
} from './parity.test-support';
import { RESIZE } from './resize';

type Size = [number, number];

/** What size becomes what. */
const SIZES: [from: Size, to: Size][] = [
  [
    [4, 3],
    [8, 9],
  ],
  [
    [4, 4],
    [8, 8],
  ],
  [
    [5, 3],
    [7, 4],
  ],
  [
    [7, 6],
    [3, 5],
  ],
  [
    [3, 4],
    [1, 1],
  ],
  [
    [4, 4],
    [4, 4],
  ],
];

/** Where the cells' centres lie: alignCorners, halfPixelCenters. */
const PLACEMENTS: [alignCorners?: boolean, halfPixelCenters?: boolean][] = [
  [],
  [true],
  [false, true],
];

const RESIZES = { nearest: tf.image.resizeNearestNeighbor, bilinear: tf.image.resizeBilinear };

const CONFIGURATIONS = SIZES.flatMap(([from, to]) =>
  PLACEMENTS.flatMap((placement) =>
    (['nearest', 'bilinear'] as const).map((kind) => ({ kind, from, to, placement })),
  ),
);

const CASES: Case[] = [
  ...CONFIGURATIONS.map(({ kind, from, to, placement }) => ({
    name: `${kind}, [${from}] to [${to}], ${placement}`,
    inputs: { x: normal(2, ...from, 3) },
    f: ({ x }: Record<string, never>) => RESIZES[kind](x, to, ...placement),
    gradients: false,
  })),
  // The gradients of tfjs's cpu backend go wrong from the second image on, where height and width
  // differ, and with half pixels.
  ...(['nearest', 'bilinear'] as const).map((kind) => ({
    name: `${kind}, one square image with its gradient`,
    inputs: { x: normal(1, 3, 3, 2) },
    f: ({ x }: Record<string, never>) => RESIZES[kind](x, [6, 6]),
  })),
  {
    name: 'nearest, a single image',
    inputs: { x: normal(4, 3, 2) },
    f: ({ x }) => tf.image.resizeNearestNeighbor(x, [8, 6]),
  },
  {
    name: 'nearest, whole numbers',
    inputs: { x: integers([1, 2, 2, 1], 0, 9) },
    f: ({ x }) => tf.image.resizeNearestNeighbor(x, [4, 4]),
    gradients: false,
  },
];

describe('resized images, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('are all among these cases', () => {
    expect(Object.keys(RESIZE).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });
});

describe('the gradient of resizing', () => {
  const cases = CONFIGURATIONS.map((configuration) => ({
    ...configuration,
    name: `${configuration.kind}, [${configuration.from}] to [${configuration.to}], ${configuration.placement}`,
  }));

  it.each(cases)('is the adjoint: $name', async ({ kind, from, to, placement }) => {
    const step = await compile(
      ({ x, dy }) => {
        const resize = (images: tf.Tensor): tf.Tensor =>
          RESIZES[kind](images as tf.Tensor4D, to, ...placement);
        const dx = tf.grad((images) => resize(images).mul(dy).sum())(x);
        return { forward: resize(x).mul(dy).sum(), backward: dx.mul(x).sum() };
      },
      {
        inputs: {
          x: { shape: [2, ...from, 3], dtype: 'float32' },
          dy: { shape: [2, ...to, 3], dtype: 'float32' },
        },
      },
    );
    const numbers = ([height, width]: Size): Float32Array =>
      Float32Array.from({ length: 6 * height * width }, (_, i) => Math.cos(7 * i + 1));
    const { forward, backward } = await step.run({ x: numbers(from), dy: numbers(to) });
    expect(backward.data[0]).toBeCloseTo(forward.data[0], 4);
    await step.dispose();
  });
});
