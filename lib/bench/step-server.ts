import * as tf from '@tensorflow/tfjs';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { ImageSet } from '../data/dataset';
import { orderedBatches } from '../data/ordered-batches';
import { randomInteger, seededRandom } from '../data/random';
import { compile } from '../engine/compile';
import { chooseEngine, type Engine } from '../engine/device';
import { classificationHead } from '../model/classification-head';
import { fashionNetwork } from '../model/fashion-network';
import { mnistNetwork } from '../model/mnist-network';
import { objective, type Strategy } from '../train/objective';
import { Trainer } from '../train/trainer';
import { LOSS_FORMS } from './loss-forms';
import type { Limit, Timing } from './peer';
import { RANKING_FORMS } from './ranking-forms';
import type { Workload } from './workload';

/*
 * This library's side of the benchmark, a program: its argument is a Task as JSON; it writes a line, a
 * Timing without steps, and answers each line of standard input, a Limit, with another.
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
  tf.env().set('PROD', true);
  await tf.ready();
  // Loads the engine's native code, which is no part of the memory that a step takes.
  await chooseEngine(task.engine, task.threads);
  const answer = (milliseconds: number[]): unknown =>
    process.stdout.write(`${JSON.stringify({ milliseconds, ...memory() } satisfies Timing)}\n`);
  answer([]);
  let repeat: (() => Promise<unknown>) | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps = Infinity, milliseconds: most = Infinity } = JSON.parse(line) as Limit;
    const milliseconds: number[] = [];
    const begin = performance.now();
    while (milliseconds.length < steps) {
      const start = performance.now();
      if (milliseconds.length > 0 && start - begin >= most) break;
      repeat ??= await prepare(task);
      await repeat();
      milliseconds.push(performance.now() - start);
    }
    repeat ??= await prepare(task);
    if (steps === 0) await collectGarbage();
    answer(milliseconds);
    if (steps === 0) forgetPeak();
  }
}

/** Twice, with a pause: the first time frees large arrays only after it has returned. */
async function collectGarbage(): Promise<void> {
  global.gc?.();
  await setTimeout(100);
  global.gc?.();
}

/** Lets the peak begin anew at what is resident now, where Linux allows it; elsewhere it stays. */
function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5', { flag: 'r+' });
  } catch {
    // The peak is then that of the whole process: more than it should be, never less.
  }
}

function memory(): Omit<Timing, 'milliseconds'> {
  return {
    residentMegabytes: process.memoryUsage.rss() / 1e6,
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
}

if (require.main === module) void serve(JSON.parse(process.argv[2]) as Task);
