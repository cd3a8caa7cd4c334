import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectPath } from '../data/project';
import { exportOnnx } from '../engine/export-onnx';
import { quietTensorFlow } from '../engine/quiet-tensorflow';
import { configuration, type Configuration } from '../experiment/configuration';
import { loadRun } from '../experiment/run';
import { RunFolder } from '../experiment/run-folder';
import { loadNetwork } from '../experiment/trained-network';
import { exportLayersModel } from '../model/layers-model';
import { progressBar } from '../notebook/progress-bar';
import { exportTensorBoard } from '../tensorboard/export-tensorboard';
import { abortOnInterrupt, parsed, UsageError, type Command } from './command';

/** The formats, and what the file or folder is called in the run's folder. */
const FORMATS = {
  onnx: 'network.onnx',
  layers: 'layers-model',
  tensorboard: 'tensorboard',
} as const;

type Format = keyof typeof FORMATS;

const HELP = `tripletlab export RUN [options]

Writes a finished run to files that other programs read: its trained network, or its metrics and
embeddings. RUN is a run's folder, or its name in results/runs/.

  --format F     onnx (default): one ONNX file; input images, float32 [batch, 28, 28, 1] with pixels
                 from 0 to 1, any batch; output embeddings, float32 [batch, d]
                 layers: a folder with model.json and weights.bin, for tf.loadLayersModel
                 tensorboard: a folder for 'tensorboard --logdir', with the metrics of training and
                 validation, pictures, and the test embeddings for the embedding projector
  --output PATH  the file or folder; default: network.onnx, layers-model or tensorboard in the run's
                 folder

Examples
  tripletlab export mnist-margin-1-adfe462c4a3d
  tripletlab export results/runs/mnist-margin-1-adfe462c4a3d --format layers --output served/digits
  tripletlab export mnist-margin-1-adfe462c4a3d --format tensorboard --output logs/margin-1`;

/** Exports a run. */
export const exportRun: Command = {
  help: HELP,
  async run(args) {
    quietTensorFlow();
    const { values, positionals } = parsed(() =>
      parseArgs({
        args,
        allowPositionals: true,
        options: { format: { type: 'string', default: 'onnx' }, output: { type: 'string' } },
      }),
    );
    const format = formatOf(values.format);
    const directory = directoryOf(positionals);
    const config = finished(directory);
    const output = values.output ?? join(directory, FORMATS[format]);
    if (format === 'tensorboard') await exportMetrics(directory, output);
    else await exportNetwork({ directory, config }, format, output);
    return 0;
  },
};

async function exportNetwork(
  run: { directory: string; config: Configuration },
  format: Exclude<Format, 'tensorboard'>,
  output: string,
): Promise<void> {
  const model = loadNetwork(run);
  try {
    if (format === 'layers') await exportLayersModel(model, output);
    else exportOnnx(model, output, { metadata: notes(run.directory, run.config) });
  } finally {
    model.dispose();
  }
  console.log(`Network: ${output}`);
}

async function exportMetrics(directory: string, output: string): Promise<void> {
  const options = { signal: abortOnInterrupt(), onProgress: progressBar() };
  await exportTensorBoard(await loadRun(directory), output, options);
  console.log(`TensorBoard: ${output}

To see it, with the embeddings under 'Projector':
  tensorboard --logdir ${output}
The projector alone, such as projector.tensorflow.org, loads embeddings.tsv and metadata.tsv from
  ${join(output, 'embeddings')}
or, where that folder is served, embeddings.bytes and the images too: ?config=…/projector_config.json`);
}

function formatOf(text: string): Format {
  if (Object.hasOwn(FORMATS, text)) return text as Format;
  const known = Object.keys(FORMATS).join(', ');
  throw new UsageError(`--format must be one of ${known}, got '${text}'`);
}

function directoryOf(positionals: string[]): string {
  if (positionals.length !== 1) {
    throw new UsageError(`export takes one run, got ${positionals.length}`);
  }
  const [run] = positionals;
  const places = [resolve(run), projectPath('results', 'runs', run)];
  const directory = places.find((place) => existsSync(join(place, 'config.json')));
  if (directory === undefined) {
    throw new UsageError(`no run '${run}': there is no config.json in ${places.join(' or in ')}`);
  }
  return directory;
}

/** The configuration of a run that has its weights. */
function finished(directory: string): Configuration {
  const folder = new RunFolder(directory);
  if (!folder.has('weights.bin')) {
    throw new Error(
      `${directory} has no weights.bin: the run is not finished; train it to the end`,
    );
  }
  return folder.readJson('config.json', (value) => configuration(value as object));
}

function notes(directory: string, config: Configuration): Record<string, string> {
  return {
    run: basename(directory),
    configuration: JSON.stringify(config),
    pixels: 'grey values divided by 255',
  };
}
