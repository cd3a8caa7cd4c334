import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { projectPath } from '../data/project';
import type { Measurement, Timing } from './step-server';

/**
 * Times training steps of this library's engines and of PyTorch eager, in turn in one run, each in a
 * process of its own, and prints one table with ratios. `npm run bench -- --rounds 9` measures longer.
 */

/** One side of the comparison. */
interface Side {
  name: string;
  command: string[];
  engine?: Measurement['engine'];
  /** Steps of a round: slow sides get fewer. */
  steps: number;
}

const PYTHON = process.env.TRIPLETLAB_PYTHON ?? '/usr/bin/python3';
const SERVER = [process.execPath, join(__dirname, 'step-server.js')];
const COMPILED = 'tripletlab, compiled';
const PYTORCH = 'PyTorch, eager';

const SIDES: Side[] = [
  { name: COMPILED, command: SERVER, engine: 'compiled', steps: 20 },
  {
    name: PYTORCH,
    command: [PYTHON, projectPath('lib', 'bench', 'pytorch_step.py')],
    steps: 20,
  },
  { name: 'tfjs, wasm', command: SERVER, engine: 'wasm', steps: 2 },
];

const WORKLOADS: Omit<Measurement, 'steps'>[] = [
  { network: 'mnist', loss: 'batch_all', batch: 64, threads: 1 },
  { network: 'mnist', loss: 'batch_hard', batch: 64, threads: 1 },
  { network: 'fashion', loss: 'batch_all', batch: 64, threads: 1 },
  { network: 'fashion', loss: 'batch_hard', batch: 64, threads: 1 },
];

/** A process that times steps when it is asked to. */
class Peer {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;

  constructor(readonly side: Side) {
    const [program, ...args] = side.command;
    this.process = spawn(program, args);
    this.process.stderr.pipe(process.stderr);
    this.reader = createInterface({ input: this.process.stdout });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  async measure(workload: Omit<Measurement, 'steps'>): Promise<Timing> {
    const asked = { ...workload, steps: this.side.steps, engine: this.side.engine };
    this.process.stdin.write(`${JSON.stringify(asked)}\n`);
    const line = await this.lines.next();
    if (line.done) throw new Error(`bench: ${this.side.name} ended while it was measured`);
    return JSON.parse(line.value) as Timing;
  }

  stop(): void {
    this.process.stdin.end();
    this.reader.close();
  }
}

function quantile(sorted: number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

async function benchmark(workload: Omit<Measurement, 'steps'>, rounds: number): Promise<void> {
  const sides = SIDES.filter(({ name }) => name !== PYTORCH || hasPyTorch());
  const peers = sides.map((side) => new Peer(side));
  const timings = new Map(sides.map(({ name }): [string, number[]] => [name, []]));
  const memory = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    for (const peer of peers) {
      const { milliseconds, peakMegabytes } = await peer.measure(workload);
      timings.get(peer.side.name)?.push(...milliseconds);
      memory.set(peer.side.name, peakMegabytes);
    }
  }
  peers.forEach((peer) => peer.stop());
  const median = (name: string): number =>
    quantile(
      [...(timings.get(name) ?? [])].sort((a, b) => a - b),
      0.5,
    );
  const { network, loss, batch, threads } = workload;
  console.log(`\n${network} network, ${loss}, batch ${batch}, threads ${threads}`);
  for (const { name } of sides) {
    const sorted = [...(timings.get(name) ?? [])].sort((a, b) => a - b);
    console.log(
      [
        name.padEnd(22),
        `${median(name).toFixed(1).padStart(8)} ms`,
        `(${quantile(sorted, 0.1).toFixed(1)} to ${quantile(sorted, 0.9).toFixed(1)})`.padEnd(20),
        `${((1000 * batch) / median(name)).toFixed(0).padStart(7)} images/s`,
        `${(median(COMPILED) / median(name)).toFixed(3).padStart(7)} x compiled's speed`,
        `${(memory.get(name) ?? 0).toFixed(0).padStart(6)} MB`,
      ].join('  '),
    );
  }
}

function hasPyTorch(): boolean {
  return spawnSync(PYTHON, ['-c', 'import torch']).status === 0;
}

async function main(): Promise<void> {
  const at = process.argv.indexOf('--rounds');
  const rounds = at < 0 ? 5 : Number(process.argv[at + 1]);
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores; Node ${process.version}; ${rounds} rounds`,
  );
  console.log('Milliseconds a step: median (10 % to 90 %); steps of all sides in turn.');
  if (!hasPyTorch()) {
    console.log(`PyTorch is left out: ${PYTHON} has no torch (Debian: apt install python3-torch).`);
  }
  for (const workload of WORKLOADS) await benchmark(workload, rounds);
}

void main();
