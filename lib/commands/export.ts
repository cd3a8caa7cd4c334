import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectPath } from '../data/project';
import { exportOnnx } from '../engine/export-onnx';
import { configuration, type Configuration } from '../experiment/configuration';
import { loadNetwork } from '../experiment/trained-network';
import { RunFolder } from '../experiment/run-folder';
import { exportLayersModel } from '../model/layers-model';
import { parsed, UsageError, type Command } from './command';

const FORMATS = ['onnx', 'layers'] as const;

const HELP = `tripletlab export RUN [options]

Writes the trained network of a run to files that other programs read. RUN is a run's folder, or its
name in results/runs/.

  --format F     onnx (default): one ONNX file; input images, float32 [batch, 28, 28, 1] with pixels
                 from 0 to 1, any batch; output embeddings, float32 [batch, d]
                 layers: a folder with model.json and weights.bin, for tf.loadLayersModel
  --output PATH  the file or folder; default: network.onnx or layers-model in the run's folder

Examples
  tripletlab export mnist-margin-1-adfe462c4a3d
  tripletlab export results/runs/mnist-margin-1-adfe462c4a3d --format layers --output served/digits`;

/** Exports the trained network of a run. */
export const exportNetwork: Command = {
  help: HELP,
  async run(args) {
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
    const name = format === 'onnx' ? 'network.onnx' : 'layers-model';
    const output = values.output ?? join(directory, name);
    const model = loadNetwork({ config, directory });
    try {
      if (format === 'layers') await exportLayersModel(model, output);
      else exportOnnx(model, output, { metadata: notes(directory, config) });
    } finally {
      model.dispose();
    }
    console.log(`Network: ${output}`);
    return 0;
  },
};

function formatOf(text: string): (typeof FORMATS)[number] {
  const format = FORMATS.find((known) => known === text);
  if (!format) throw new UsageError(`--format must be one of ${FORMATS.join(', ')}, got '${text}'`);
  return format;
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
