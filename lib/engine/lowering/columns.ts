import type { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../graph';
import { reshape } from './lowering';
import { matMul } from './matmul';
import { concat, pad, slice } from './shape';
import { transpose } from './transpose';

/**
 * A convolution as a matrix product: the image unfolded into columns, one for every weight of a
 * filter, and a row for every position of the result.
 */

/** Images of fewer channels than this are unfolded channel by channel, in runs along the rows. */
const FEW_CHANNELS = 8;

/** Whether a convolution of this image is best done as a product with its columns. */
export function hasFewChannels({ inChannels }: backend_util.Conv2DInfo): boolean {
  return inChannels < FEW_CHANNELS;
}

/** The convolution, [batch, height, width, channel], with one number per channel added. */
export function convolveColumns(
  graph: Graph,
  x: Value,
  filter: Value,
  info: backend_util.Conv2DInfo,
  bias?: Value,
): Value {
  const { batchSize, outHeight, outWidth, outChannels } = info;
  const weights = reshape(graph, filter, [weightsPerFilter(info), outChannels]);
  const columns = planeColumns(graph, x, info);
  const transposed = { transposeA: true, transposeB: false };
  const y = matMul(graph, columns, weights, transposed, bias);
  return reshape(graph, y, [batchSize, outHeight, outWidth, outChannels]);
}

/**
 * The gradient by the filter: the columns times dy,
 *
 *   dw[u, v, c, o] = sum over b, i, j of x[b, s i + u, s j + v, c] dy[b, i, j, o]
 *
 * (As ONNX's Conv of transposed tensors it would be a product with only filterHeight x filterWidth
 * columns, which is several times slower.)
 */
export function filterGradientByColumns(
  graph: Graph,
  x: Value,
  dy: Value,
  info: backend_util.Conv2DInfo,
): Value {
  const gradient = reshape(graph, dy, [positionsOf(info), info.outChannels]);
  const product = hasFewChannels(info)
    ? matMul(graph, planeColumns(graph, x, info), gradient)
    : cellColumnsTimes(graph, x, gradient, info);
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  return reshape(graph, product, [filterHeight, filterWidth, inChannels, outChannels]);
}

/** Columns of more numbers than this are made for a part of the batch at a time: 64 MB. */
const LARGEST_COLUMNS = 2 ** 24;

/** The sum over the batch of columns times gradient. */
function cellColumnsTimes(
  graph: Graph,
  x: Value,
  gradient: Value,
  info: backend_util.Conv2DInfo,
): Value {
  const perImage = info.outHeight * info.outWidth;
  const images = Math.ceil(LARGEST_COLUMNS / (perImage * weightsPerFilter(info)));
  let sum: Value | undefined;
  for (let start = 0; start < info.batchSize; start += images) {
    const part = { ...info, batchSize: Math.min(images, info.batchSize - start) };
    const rows = (value: Value, from: number, count: number): Value =>
      slice(graph, value, [from, ...zeros(value)], [count, ...value.shape.slice(1)]);
    const columns = cellColumns(graph, rows(x, start, part.batchSize), part);
    const share = rows(gradient, start * perImage, part.batchSize * perImage);
    sum = matMul(graph, columns, share, { transposeA: true, transposeB: false }, sum);
  }
  return sum!;
}

function zeros({ shape }: Value): number[] {
  return shape.slice(1).map(() => 0);
}

function positionsOf({ batchSize, outHeight, outWidth }: backend_util.Conv2DInfo): number {
  return batchSize * outHeight * outWidth;
}

function weightsPerFilter(info: backend_util.Conv2DInfo): number {
  return info.filterHeight * info.filterWidth * info.inChannels;
}

/** [weight, position]: for each cell of the filter the image as that cell sees it. */
export function planeColumns(graph: Graph, x: Value, info: backend_util.Conv2DInfo): Value {
  const { inChannels, outHeight, outWidth, batchSize } = info;
  const planes = padded(graph, transpose(graph, x, [3, 0, 1, 2]), info, 2);
  const size = [inChannels, batchSize, outHeight, outWidth];
  const steps = [1, 1, info.strideHeight, info.strideWidth];
  const seen: Value[] = [];
  for (let u = 0; u < info.filterHeight; u++) {
    for (let v = 0; v < info.filterWidth; v++) {
      const begin = [0, 0, u * info.dilationHeight, v * info.dilationWidth];
      seen.push(slice(graph, planes, begin, size, steps));
    }
  }
  return reshape(graph, concat(graph, seen, 0), [weightsPerFilter(info), positionsOf(info)]);
}

/** [position, weight]: for each position the cells that the filter covers there, gathered. */
export function cellColumns(graph: Graph, x: Value, info: backend_util.Conv2DInfo): Value {
  const { inChannels, outHeight, outWidth, batchSize } = info;
  const image = padded(graph, x, info, 1);
  const [, height, width] = image.shape;
  const places: number[] = [];
  for (let i = 0; i < outHeight; i++) {
    for (let j = 0; j < outWidth; j++) {
      for (let u = 0; u < info.filterHeight; u++) {
        for (let v = 0; v < info.filterWidth; v++) {
          const row = i * info.strideHeight + u * info.dilationHeight;
          places.push(row * width + j * info.strideWidth + v * info.dilationWidth);
        }
      }
    }
  }
  const cells = reshape(graph, image, [batchSize, height * width, inChannels]);
  const covered = graph.node(
    'Gather',
    [cells, graph.constant(Int32Array.from(places), [places.length])],
    { shape: [batchSize, places.length, inChannels], dtype: x.dtype },
    { axis: 1 },
  );
  return reshape(graph, covered, [positionsOf(info), weightsPerFilter(info)]);
}

/** The image with its padding, whose height is axis `at` and whose width is the next. */
export function padded(
  graph: Graph,
  image: Value,
  { padInfo }: backend_util.Conv2DInfo,
  at: number,
): Value {
  const around = (first: number, second: number): number[] =>
    image.shape.map((_, axis) => (axis === at ? first : axis === at + 1 ? second : 0));
  return pad(
    graph,
    image,
    around(padInfo.top, padInfo.left),
    around(padInfo.bottom, padInfo.right),
  );
}
