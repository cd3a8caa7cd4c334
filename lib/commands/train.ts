import { parseArgs } from 'node:util';
import { quietTensorFlow } from '../engine/quiet-tensorflow';
import { configure } from '../experiment/preset';
import { run } from '../experiment/run';
import { progressBar } from '../notebook/progress-bar';
import { abortOnInterrupt, parsed, type Command } from './command';
import { presetOf, settingsOf } from './settings';

const HELP = `tripletlab train [options]

Trains one configuration and prints its summary. A configuration that is finished is loaded; one
that was cut off goes on from its checkpoint (Ctrl-C keeps one, too).

  --preset P       smoke (seconds), quick (minutes) or paper (the published schedule); default quick
  --set KEY=VALUE  a setting, such as margin=1; may be repeated

Examples
  tripletlab train --set margin=1
  tripletlab train --preset paper --set strategy=batch_hard --set sampling=balanced --set batchSize=60`;

/** Trains one configuration. */
export const train: Command = {
  help: HELP,
  async run(args) {
    quietTensorFlow();
    const { values } = parsed(() =>
      parseArgs({
        args,
        options: {
          preset: { type: 'string', default: 'quick' },
          set: { type: 'string', multiple: true, default: [] },
        },
      }),
    );
    const config = configure({}, presetOf(values.preset), settingsOf(values.set));
    const result = await run(config, { signal: abortOnInterrupt(), onProgress: progressBar() });
    console.log(JSON.stringify(result.summary, null, 2));
    console.log(`Run folder: ${result.directory}`);
    return 0;
  },
};
