import type { backend_util } from '@tensorflow/tfjs';
import type { Tensor } from 'onnxruntime-node';
import { seededRandom } from '../data/random';
import { sizeOf, type Graph, type Value } from '../engine/graph';
import { slice } from '../engine/lowering/shape';
import { encodeModel } from '../engine/onnx-model';
import { onnxruntime } from '../engine/onnxruntime';
import type { Operation, WrittenForm } from './graph-form';

/** A form that is ready to run. */
export interface GraphSession {
  /** Runs it once. */
  run: () => Promise<Record<string, Float32Array>>;
  release: () => Promise<void>;
}

/**
 * Prepares onnxruntime to run a form as the engine runs a step.
 *
 * @param data the numbers of its inputs
 * @param whole whether the results come back whole, and not the first number of each, so that
 *   copying them is not measured. Default false
 */
export async function graphSession(
  { graph, shapes, results }: WrittenForm,
  data: Record<string, Float32Array>,
  { threads = 1, whole = false }: { threads?: number; whole?: boolean } = {},
): Promise<GraphSession> {
  const { InferenceSession, Tensor } = onnxruntime();
  const model = encodeModel(graph, whole ? results : firstNumbers(graph, results));
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  const feeds: Record<string, Tensor> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    feeds[name] = new Tensor('float32', data[name], [...shape]);
  }
  return {
    run: async () => {
      const found = Object.entries(await session.run(feeds));
      return Object.fromEntries(found.map(([name, { data }]) => [name, data as Float32Array]));
    },
    release: () => session.release(),
  };
}

function firstNumbers(graph: Graph, values: Record<string, Value>): Record<string, Value> {
  const first = (value: Value): Value => {
    const begin = value.shape.map(() => 0);
    const size = value.shape.map(() => 1);
    return slice(graph, value, begin, size);
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, first(value)]));
}

/** Numbers between -1 and 1 for the inputs of an operation, or between 0 and 1 where rectified. */
export function randomData(
  { inputs }: Operation,
  layer: backend_util.Conv2DInfo,
): Record<string, Float32Array> {
  const random = seededRandom(0);
  return Object.fromEntries(
    Object.entries(inputs(layer)).map(([name, { shape, rectified }]) => {
      const draw = (): number => Math.max(2 * random() - 1, rectified ? 0 : -1);
      return [name, Float32Array.from({ length: sizeOf(shape) }, draw)];
    }),
  );
}
