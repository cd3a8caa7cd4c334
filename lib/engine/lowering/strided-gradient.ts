import type { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../graph';
import { elementwise, reshape } from './lowering';
import { matMul } from './matmul';
import { pad } from './shape';

/** With more windows over one pixel than this, a transposed convolution is faster. */
const MOST_WINDOWS = 4;

/**
 * The gradient of a convolution with strides by its input, [batch, height, width, channel]. Every
 * position of dy is multiplied by the whole filter at once; a pixel is the sum of the products with
 * those cells under which it lay: with stride 2 at most four of the nine cells of a 3x3 filter.
 *
 *   dx[b, s i + u, s j + v, c] = sum over o of dy[b, i, j, o] w[u, v, c, o], summed over (u, v)
 *
 * Undefined where too many windows overlap.
 */
export function stridedInputGradient(
  graph: Graph,
  dy: Value,
  filter: Value,
  info: backend_util.Conv2DInfo,
): Value | undefined {
  const { batchSize, outHeight, outWidth, outChannels, inChannels } = info;
  const windows = windowsOverPixels(info);
  if (windows.length === 0 || windows.length > MOST_WINDOWS) return undefined;
  const cells = info.filterHeight * info.filterWidth;
  // One position more, where dy is 0: what a pixel with fewer windows takes for the others.
  const positions = outHeight * outWidth + 1;
  const flat = reshape(graph, dy, [batchSize, positions - 1, outChannels]);
  const rows = reshape(graph, pad(graph, flat, [0, 0, 0], [0, 1, 0]), [
    batchSize * positions,
    outChannels,
  ]);
  const weights = reshape(graph, filter, [cells * inChannels, outChannels]);
  const products = reshape(
    graph,
    matMul(graph, rows, weights, { transposeA: false, transposeB: true }),
    [batchSize, positions * cells, inChannels],
  );
  const shares = windows.map((places) =>
    graph.node(
      'Gather',
      [products, graph.constant(places, [places.length])],
      { shape: [batchSize, places.length, inChannels], dtype: 'float32' },
      { axis: 1 },
    ),
  );
  const sum = pairwiseSum(graph, shares);
  return reshape(graph, sum, [batchSize, info.inHeight, info.inWidth, inChannels]);
}

/**
 * The windows that see each pixel: list number n has, pixel by pixel, the place of its n-th window
 * and cell among all positions and cells, or a place beyond them.
 */
function windowsOverPixels(info: backend_util.Conv2DInfo): Int32Array[] {
  const { filterHeight, filterWidth, outHeight, outWidth, inHeight, inWidth } = info;
  const cells = filterHeight * filterWidth;
  const lists: Int32Array[] = [];
  const counts = new Uint8Array(inHeight * inWidth);
  for (let i = 0; i < outHeight; i++) {
    for (let j = 0; j < outWidth; j++) {
      for (let cell = 0; cell < cells; cell++) {
        const [u, v] = [Math.floor(cell / filterWidth), cell % filterWidth];
        const row = i * info.strideHeight + u * info.dilationHeight - info.padInfo.top;
        const column = j * info.strideWidth + v * info.dilationWidth - info.padInfo.left;
        if (row < 0 || row >= inHeight || column < 0 || column >= inWidth) continue;
        const pixel = row * inWidth + column;
        const nth = counts[pixel]++;
        lists[nth] ??= new Int32Array(inHeight * inWidth).fill(outHeight * outWidth * cells);
        lists[nth][pixel] = (i * outWidth + j) * cells + cell;
      }
    }
  }
  return lists;
}

function pairwiseSum(graph: Graph, terms: readonly Value[]): Value {
  if (terms.length === 1) return terms[0];
  const half = Math.ceil(terms.length / 2);
  return elementwise(graph, 'Add', [
    pairwiseSum(graph, terms.slice(0, half)),
    pairwiseSum(graph, terms.slice(half)),
  ]);
}
