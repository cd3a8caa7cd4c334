import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { randomNormal, seededRandom } from '../data/random';
import { isMissing } from '../data/require-peer';
import { fastPng } from '../figure/packages';
import { exportProjector, type ProjectorOptions } from './projector';
import { protobuf, readProjectorConfig } from './python-reader.test-support';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-projector-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const N = 7;
const random = seededRandom(1);
const options: Omit<ProjectorOptions, 'folder'> = {
  embeddings: matrix(
    Float32Array.from({ length: 3 * N }, (_, i) => randomNormal(random) * 10 ** (i - 10)),
    [N, 3],
  ),
  labels: Uint8Array.from({ length: N }, (_, i) => i % 3),
  classNames: ['Bag', 'T-shirt/top', '<b>&"\tnew\r\nline'],
  predictions: Int32Array.from({ length: N }, (_, i) => (i + 1) % 3),
  images: { images: Uint8Array.from({ length: N * 6 }, (_, i) => i), height: 2, width: 3 },
};

/** Exports into a folder of its own and gives the files back. */
function exported(changes: Partial<ProjectorOptions> = {}): (file: string) => Buffer {
  const own = mkdtempSync(join(folder, 'case-'));
  exportProjector({ ...options, folder: own, ...changes });
  return (file) => readFileSync(join(own, file));
}

describe('exportProjector', () => {
  it('writes the points twice: as text and as float32, to the last bit', () => {
    const file = exported();
    const rows = file('embeddings.tsv').toString().trimEnd().split('\n');
    expect(rows).toHaveLength(N);
    const values = rows.flatMap((line) => line.split('\t').map(Number));
    expect(Float32Array.from(values)).toEqual(options.embeddings.data);
    const bytes = file('embeddings.bytes');
    expect(bytes).toHaveLength(4 * 3 * N);
    options.embeddings.data.forEach((x, i) => expect(bytes.readFloatLE(4 * i)).toBe(x));
  });

  it('writes a line for each point under a header, hostile names on one line', () => {
    const lines = exported()('metadata.tsv').toString().split('\n');
    expect(lines[0]).toBe('class\tindex\tprediction');
    expect(lines.slice(1, 4)).toEqual([
      'Bag\t0\tT-shirt/top',
      'T-shirt/top\t1\t<b>&"\\tnew\\r\\nline',
      '<b>&"\\tnew\\r\\nline\t2\tBag',
    ]);
    expect(lines).toHaveLength(N + 2);
    expect(lines[N + 1]).toBe('');
    const plain = exported({ predictions: undefined })('metadata.tsv').toString().split('\n');
    expect(plain.slice(0, 2)).toEqual(['class\tindex', 'Bag\t0']);
  });

  it('writes no line that the projector would skip as empty', () => {
    const lines = exported({ classNames: ['', ' ', '\n'], predictions: undefined })('metadata.tsv');
    expect(lines.toString().split('\n').slice(1, 4)).toEqual(['\t0', ' \t1', '\\n\t2']);
  });

  it.each([false, true])('puts the images into one, inverted: %s', (invert) => {
    const { width, height, channels, data } = fastPng.decode(exported({ invert })('sprite.png'));
    // Three rows and columns hold seven images.
    expect({ width, height, channels }).toEqual({ width: 9, height: 6, channels: 1 });
    for (let i = 0; i < 9; i++) {
      for (let y = 0; y < 2; y++) {
        for (let x = 0; x < 3; x++) {
          const pixel = data[(Math.floor(i / 3) * 2 + y) * 9 + (i % 3) * 3 + x];
          const value = i * 6 + y * 3 + x;
          expect(pixel).toBe(i < N ? (invert ? 255 - value : value) : 0);
        }
      }
    }
  });

  it('tells the standalone projector where everything is', () => {
    const config = exported({ baseUrl: '/digits/', name: 'margin-0.5' })('projector_config.json');
    expect(JSON.parse(config.toString())).toEqual({
      embeddings: [
        {
          tensorName: 'margin-0.5',
          tensorShape: [N, 3],
          tensorPath: '/digits/margin-0.5.bytes',
          metadataPath: '/digits/metadata.tsv',
          sprite: { imagePath: '/digits/sprite.png', singleImageDim: [3, 2] },
        },
      ],
    });
  });

  it.skipIf(isMissing(protobuf))('tells TensorBoard the same', () => {
    const own = join(folder, 'tensorboard');
    const expected = {
      tensor_name: 'embeddings',
      tensor_shape: [N, 3],
      tensor_path: 'embeddings.tsv',
      metadata_path: 'metadata.tsv',
    };
    exportProjector({ ...options, folder: own });
    const sprite = { image_path: 'sprite.png', single_image_dim: [3, 2] };
    const path = join(own, 'projector_config.pbtxt');
    expect(readProjectorConfig(path)).toEqual({ embeddings: [{ ...expected, sprite }] });
    exportProjector({ ...options, folder: own, images: undefined });
    expect(readProjectorConfig(path)).toEqual({ embeddings: [expected] });
  });

  it('writes a view on part of a buffer as that part', () => {
    const data = Float32Array.of(9, 1, 2, 3, 4, 9).subarray(1, 5);
    const points = { embeddings: matrix(data, [2, 2]), labels: [0, 1], predictions: undefined };
    const bytes = exported({ ...points, images: undefined })('embeddings.bytes');
    expect([0, 4, 8, 12].map((at) => bytes.readFloatLE(at))).toEqual([1, 2, 3, 4]);
  });

  it.each<[Partial<ProjectorOptions>, string]>([
    [{ labels: [0] }, 'exportProjector: labels must have 7 entries, got 1'],
    [{ predictions: [0, 1] }, 'exportProjector: predictions must have 7 entries, got 2'],
    [{ labels: [0, 1, 2, 3, 0, 0, 0] }, 'labels[3] must be an index into the 3 classNames, got 3'],
    [{ predictions: [0, 0.5, 0, 0, 0, 0, 0] }, 'predictions[1] must be an index into'],
    [
      { images: { images: new Uint8Array(6), height: 2, width: 3 } },
      'exportProjector: images must hold 7 x 2 x 3 values, got 6',
    ],
    [
      { embeddings: matrix(new Float32Array(7), [7, 1]) },
      'exportProjector: embeddings must be n x d, n > 0, d > 1, got 7 x 1',
    ],
    [{ embeddings: matrix(new Float32Array(0), [0, 3]) }, 'n > 0, d > 1, got 0 x 3'],
    [
      { embeddings: matrix(new Float32Array(21).fill(NaN, 4, 5), [7, 3]) },
      'exportProjector: embeddings must be finite, got NaN at row 1, column 1',
    ],
    [{ name: '../up' }, 'exportProjector: name must be made of letters, digits'],
    [{ name: 'a"b' }, `'_', '-' and '.', got "a\\"b"`],
  ])('refuses wrong options %# and writes nothing', (changes, message) => {
    const own = mkdtempSync(join(folder, 'refused-'));
    expect(() => exportProjector({ ...options, folder: own, ...changes })).toThrow(message);
    expect(readdirSync(own)).toEqual([]);
  });
});
