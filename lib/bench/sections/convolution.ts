import { convolutionBlockSize } from '../../engine/block-size';
import type { TableValue } from '../../figure/table-text';
import { CONVOLUTION_OPERATIONS } from '../convolution-operations';
import { formsFor, isUsed, writeForm } from '../graph-form';
import { graphSession, randomData, type GraphSession } from '../graph-session';
import { describeLayer, geometryOf, LAYERS, type Layer } from '../layers';
import { MASK, POOLING_OPERATIONS } from '../pooling-forms';
import { showProgress, type Section } from '../section';
import { pairedRatio, spread } from '../statistics';
import { rotated } from '../turns';
import { describeWorkload, workloads, type Workload } from '../workload';

/** Operations of every layer. */
const EVERYWHERE = [...CONVOLUTION_OPERATIONS, MASK];

const OPERATIONS = new Map(
  [...EVERYWHERE, ...POOLING_OPERATIONS].map((operation) => [operation.name, operation]),
);

/** A form's share of a round: as many runs as that takes, but not fewer than these. */
const TURN = { milliseconds: 50, runs: 3 };

const EXPLANATION = `\
Ways to write the convolutions of both networks, and what follows them, in ONNX: each alone in a graph, on onnxruntime's CPU kernels; 'used' is what the engine writes on this machine. \
Images are [batch, height, width, channel], and a form includes what brings them into another order and back where its name does not say otherwise; columns are the image unfolded for one matrix product. \
Of what a form saves others in a training step, 'forward + filter gradient' shows the columns that both can share; the bias and the rectification that a convolution in blocks takes up are not in the table. \
The forms of an operation take turns in one process, each round beginning with another; the ratio is the time of a form over that of the one used, within a round, the median over the rounds: above 1 the form is slower. \
GFLOP/s count a multiplication and an addition for each weight at each position, in the padding too.`;

/** Why the engine writes convolutions as it does. */
export const convolution: Section = {
  name: 'convolution',
  summary: 'ways to write convolutions, their gradients and poolings in ONNX',
  workloads: [
    ...workloads({
      network: ['fashion', 'mnist'],
      loss: EVERYWHERE.map(({ name }) => name),
      batch: [64],
      threads: [1],
    }),
    ...workloads({
      network: ['mnist'],
      loss: POOLING_OPERATIONS.map(({ name }) => name),
      batch: [64],
      threads: [1],
    }),
  ],
  async measure(selected, { rounds }) {
    const blockSize = await convolutionBlockSize();
    const rows: TableValue[][] = [];
    for (const [i, workload] of selected.entries()) {
      showProgress('convolution', i + 1, selected.length, describeWorkload(workload));
      for (const layer of LAYERS.filter(({ network }) => network === workload.network)) {
        const timed = await timeForms(workload, layer, blockSize, rounds);
        rows.push(...formRows(workload, layer, timed));
      }
    }
    const columns = [
      { name: 'network' },
      { name: 'layer' },
      { name: 'operation' },
      { name: 'form' },
      { name: 'ms', digits: 3 },
      { name: '10 %', digits: 3 },
      { name: '90 %', digits: 3 },
      { name: 'ratio', digits: 3 },
      { name: 'GFLOP/s', digits: 3 },
    ];
    return { explanation: EXPLANATION, columns, rows, notes: notesOn(selected, blockSize) };
  },
};

/** What was measured of a form. */
export interface TimedForm {
  name: string;
  used: boolean;
  /** Milliseconds of the runs of every round. */
  rounds: number[][];
}

async function timeForms(
  { loss, batch, threads }: Workload,
  layer: Layer,
  blockSize: number | undefined,
  rounds: number,
): Promise<TimedForm[]> {
  const operation = OPERATIONS.get(loss)!;
  const info = geometryOf(layer, batch);
  const data = randomData(operation, info);
  const players: (TimedForm & GraphSession)[] = [];
  try {
    for (const form of formsFor(operation, info, blockSize)) {
      const written = writeForm(operation, form, info, blockSize);
      const session = await graphSession(written, data, { threads });
      const used = isUsed(operation, form, info, blockSize);
      players.push({ name: form.name, used, rounds: [], ...session });
      // The first run finds out how much memory it takes, and the second takes it.
      for (let i = 0; i < 2; i++) await session.run();
    }
    for (let round = 0; round < rounds; round++) {
      for (const { rounds, run } of rotated(players, round)) rounds.push(await turn(run));
    }
  } finally {
    for (const { release } of players) await release();
  }
  return players;
}

async function turn(run: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  const begin = performance.now();
  let start = begin;
  while (times.length < TURN.runs || start - begin < TURN.milliseconds) {
    await run();
    const end = performance.now();
    times.push(end - start);
    start = end;
  }
  return times;
}

/** The rows of one operation of a layer. */
export function formRows(
  { network, loss, batch }: Workload,
  layer: Layer,
  timed: readonly TimedForm[],
): TableValue[][] {
  const operations = OPERATIONS.get(loss)?.arithmetic?.(geometryOf(layer, batch));
  const reference = timed.find(({ used }) => used);
  return timed.map(({ name, used, rounds }) => {
    const { median, low, high } = spread(rounds.flat());
    return [
      network,
      layer.name,
      loss,
      used ? `${name} (used)` : name,
      median,
      low,
      high,
      reference ? pairedRatio(reference.rounds, rounds) : null,
      operations ? operations / median / 1e6 : null,
    ];
  });
}

function notesOn(selected: readonly Workload[], blockSize: number | undefined): string[] {
  const layers = LAYERS.filter((layer) =>
    selected.some(({ network }) => network === layer.network),
  );
  const notes = layers.map((layer) => `${layer.network}, ${describeLayer(layer)}.`);
  if (selected.some(({ loss }) => loss === 'input gradient')) {
    notes.push('No training step takes the input gradient of conv1: its input is the images.');
  }
  notes.push(
    blockSize === undefined
      ? 'Forms in blocks are left out: onnxruntime has no kernels for them on this processor.'
      : `A block has ${blockSize} channels here; where channels do not fill blocks there is no form in blocks.`,
  );
  return notes;
}
