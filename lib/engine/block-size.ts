import { Graph } from './graph';
import { onnxruntime } from './onnxruntime';
import { encodeModel } from './onnx-model';

let found: Promise<number | undefined> | undefined;

/**
 * How many channels onnxruntime keeps together in its own convolutions on this processor (16 with
 * AVX-512, 8 with AVX), or undefined when it has none for it. It does not tell, so an image of a few
 * channels is brought into blocks, once per process: what comes out has a whole block of them.
 */
export function convolutionBlockSize(): Promise<number | undefined> {
  found ??= probe().catch(() => undefined);
  return found;
}

/** Divides every block length that onnxruntime knows, and is none itself. */
const CHANNELS = 4;

async function probe(): Promise<number | undefined> {
  const graph = new Graph();
  const image = graph.input('image', { shape: [1, CHANNELS, 1, 1], dtype: 'float32' });
  const blocks = graph.node('com.microsoft.nchwc.ReorderInput', [image], {
    // Only the processor knows the second dimension: -1 leaves it open.
    shape: [1, -1, 1, 1],
    dtype: 'float32',
  });
  const { InferenceSession, Tensor } = onnxruntime();
  const session = await InferenceSession.create(encodeModel(graph, { blocks }), {
    logSeverityLevel: 4,
  });
  try {
    const results = await session.run({
      image: new Tensor('float32', new Float32Array(CHANNELS), [1, CHANNELS, 1, 1]),
    });
    const [, size] = results.blocks.dims;
    return size > CHANNELS ? size : undefined;
  } finally {
    await session.release();
  }
}
