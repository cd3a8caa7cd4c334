import * as tf from '@tensorflow/tfjs';
import type { ImageSet } from '../data/dataset';
import { orderedBatches } from '../data/ordered-batches';
import { randomInteger, seededRandom } from '../data/random';
import { compile } from '../engine/compile';
import { chooseEngine } from '../engine/device';
import type { Engine } from '../engine/engines';
import { quietTensorFlow } from '../engine/quiet-tensorflow';
import { classificationHead } from '../model/classification-head';
import { fashionNetwork } from '../model/fashion-network';
import { mnistNetwork } from '../model/mnist-network';
import { objective } from '../train/objective';
import type { Strategy } from '../train/strategies';
import { Trainer } from '../train/trainer';
import { LOSS_FORMS } from './loss-forms';
import { RANKING_FORMS } from './ranking-forms';
import { serveSteps } from './serve-steps';
import type { Workload } from './workload';

/*
 * This library's side of the benchmark, a program: its argument is a Task as JSON, of which it serves
 * the steps.
 */

/** A workload, and what runs it. */
interface Task extends Workload {
  engine: Engine;
}

/** Prepares a task; the result does it once. */
async function prepare(task: Task): Promise<() => Promise<unknown>> {
  if (task.network === 'none') return prepareForm(task);
  const trainer = trainerOf(task);
  return () => trainer.train(0);
}

function trainerOf({ network, loss, batch, threads, engine }: Task): Trainer {
  return new Trainer({
    model: network === 'mnist' ? mnistNetwork({ seed: 1 }) : fashionNetwork({ seed: 1 }),
    head: loss === 'softmax' ? classificationHead({ seed: 5 }) : undefined,
    objective: objective({ strategy: loss as Strategy, margin: 0.5, squared: false }),
    optimiser: { learningRate: 1e-3 },
    images: randomImages(batch),
    batches: orderedBatches(batch, { batchSize: batch }),
    engine,
    threads,
  });
}

/** Random pixels: a step takes as long on them as on digits. */
function randomImages(count: number): ImageSet {
  const random = seededRandom(0);
  const images = Uint8Array.from({ length: count * 784 }, () => randomInteger(random, 256));
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  return { images, labels, count, height: 28, width: 28 };
}

async function prepareForm({
  loss,
  batch,
  engine,
  threads,
}: Task): Promise<() => Promise<unknown>> {
  const { inputs, step } = { ...LOSS_FORMS, ...RANKING_FORMS }[loss];
  const given = Object.entries(inputs(batch));
  const arrays = Object.fromEntries(given.map(([name, { data }]) => [name, data]));
  const types = given.map(([name, { data, shape }]) => {
    const dtype = data instanceof Int32Array ? ('int32' as const) : ('float32' as const);
    return [name, { shape, dtype }] as const;
  });
  const compiled = await compile(step, { inputs: Object.fromEntries(types) }, { engine, threads });
  return () => compiled.run(arrays);
}

async function serve(task: Task): Promise<void> {
  quietTensorFlow();
  await tf.ready();
  // Loads the engine's native code, which is no part of the memory that a step takes.
  await chooseEngine(task.engine, task.threads);
  await serveSteps(() => prepare(task));
}

if (require.main === module) void serve(JSON.parse(process.argv[2]) as Task);
