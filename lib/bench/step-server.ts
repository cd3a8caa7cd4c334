import * as tf from '@tensorflow/tfjs';
import { createInterface } from 'node:readline';
import { orderedBatches } from '../data/ordered-batches';
import type { ImageSet } from '../data/dataset';
import { randomInteger, seededRandom } from '../data/random';
import type { Engine } from '../engine/device';
import { classificationHead } from '../model/classification-head';
import { fashionNetwork } from '../model/fashion-network';
import { mnistNetwork } from '../model/mnist-network';
import { objective, type Strategy } from '../train/objective';
import { Trainer } from '../train/trainer';

/** A training step to be timed. */
export interface Measurement {
  network: 'mnist' | 'fashion';
  loss: Strategy;
  batch: number;
  threads: number;
  /** How often the step is run. */
  steps: number;
  /** Only for this library's side. */
  engine?: Engine;
}

/** What a side of the benchmark answers. */
export interface Timing {
  /** Of every step. */
  milliseconds: number[];
  /** Largest resident memory of the process so far. */
  peakMegabytes: number;
  version: string;
}

/** Random pixels: a step takes as long on them as on digits. */
function randomImages(count: number): ImageSet {
  const random = seededRandom(0);
  const images = Uint8Array.from({ length: count * 784 }, () => randomInteger(random, 256));
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  return { images, labels, count, height: 28, width: 28 };
}

function trainer({ network, loss, batch, threads, engine }: Measurement): Trainer {
  return new Trainer({
    model: network === 'mnist' ? mnistNetwork({ seed: 1 }) : fashionNetwork({ seed: 1 }),
    head: loss === 'softmax' ? classificationHead({ seed: 5 }) : undefined,
    objective: objective({ strategy: loss, margin: 0.5, squared: false }),
    optimiser: { learningRate: 1e-3 },
    images: randomImages(batch),
    batches: orderedBatches(batch, { batchSize: batch }),
    engine,
    threads,
  });
}

/** Answers each line of standard input, a Measurement, with a line of output, a Timing. */
async function serve(): Promise<void> {
  tf.env().set('PROD', true);
  await tf.ready();
  let current: { key: string; trainer: Trainer } | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line) as Measurement;
    const key = JSON.stringify({ ...asked, steps: 0 });
    if (current?.key !== key) {
      await current?.trainer.dispose();
      current = { key, trainer: trainer(asked) };
      await current.trainer.train(0);
    }
    const milliseconds: number[] = [];
    for (let i = 0; i < asked.steps; i++) {
      const start = performance.now();
      await current.trainer.train(0);
      milliseconds.push(performance.now() - start);
    }
    const peakMegabytes = process.resourceUsage().maxRSS / 1024;
    const timing: Timing = { milliseconds, peakMegabytes, version: tf.version['tfjs-core'] };
    process.stdout.write(`${JSON.stringify(timing)}\n`);
  }
}

if (require.main === module) void serve();
