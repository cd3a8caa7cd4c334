import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { projectPath } from '../data/project';
import { isMissing, pythonModule, runPython } from '../data/require-peer';
import { randomBatch } from '../loss/batches.test-support';
import { plainBatchAll, plainBatchHard } from '../loss/plain-loops.test-support';
import { classificationHead } from '../model/classification-head';
import { fashionNetwork } from '../model/fashion-network';
import { mnistNetwork } from '../model/mnist-network';
import { Peer } from './peer';
import { PYTORCH } from './side';

/** What comes before a script that uses pytorch_step.py as a module. */
const IMPORT = `
sys.dont_write_bytecode = True
sys.path.insert(0, data["folder"])
import torch
import pytorch_step`;

describe.skipIf(isMissing(pythonModule('PyTorch', 'torch')))("PyTorch's side", () => {
  const folder = projectPath('lib', 'bench');

  it('computes the losses that this library computes', () => {
    const { points, labels } = randomBatch(3, 24, 8, 4);
    const script = `${IMPORT}
x, y = torch.tensor(data["points"]), torch.tensor(data["labels"])
result = [pytorch_step.LOSSES[name](x, y).item() for name in ("batch_all", "batch_hard")]`;
    const [all, hard] = runPython(script, { folder, points, labels }) as number[];
    const options = { margin: 0.5, squared: false };
    expect(all).toBeCloseTo(plainBatchAll(points, labels, options).loss, 5);
    expect(hard).toBeCloseTo(plainBatchHard(points, labels, options).loss, 5);
  });

  it('trains the networks that this library trains', () => {
    const script = `${IMPORT}
images = torch.rand(2, 1, 28, 28)
result = [
    [sum(p.numel() for p in net.parameters()), list(net(images).shape)]
    for net in (pytorch_step.Mnist(), pytorch_step.Fashion())
]`;
    const head = classificationHead({ seed: 1 });
    const networks = [mnistNetwork({ seed: 1 }), fashionNetwork({ seed: 1 })];
    const parameters = networks.map((network) => network.countParams() + head.countParams());
    expect(runPython(script, { folder })).toEqual(parameters.map((count) => [count, [2, 64]]));
    tf.dispose([...networks, head].flatMap((network) => network.weights.map((w) => w.read())));
  });

  it.each([
    { network: 'fashion', loss: 'softmax' },
    { network: 'mnist', loss: 'batch_hard' },
    { network: 'none', loss: 'batch_all' },
  ] as const)('times steps: $network, $loss', async ({ network, loss }) => {
    const peer = new Peer(PYTORCH.command({ network, loss, batch: 8, threads: 1 }));
    expect((await peer.loaded).milliseconds).toEqual([]);
    const { residentMegabytes } = await peer.ask({ steps: 0 });
    const { milliseconds, peakMegabytes } = await peer.ask({ steps: 3 });
    expect(milliseconds).toHaveLength(3);
    expect(Math.min(...milliseconds)).toBeGreaterThan(0);
    expect(peakMegabytes).toBeGreaterThan(residentMegabytes / 2);
    expect((await peer.ask({ milliseconds: 0 })).milliseconds).toHaveLength(1);
    peer.stop();
  });
});
