import { parseArgs } from 'node:util';
import { sweep } from '../experiment/sweep/sweep';
import { comparison } from '../figure/comparison-table';
import { plainTable } from '../figure/table-plain';
import { sweepProgress } from '../notebook/sweep-progress';
import { abortOnInterrupt, parsed, UsageError, type Command } from './command';
import { gridOf, presetOf, wholeNumberOf } from './settings';

const HELP = `tripletlab sweep [options]

Trains every combination of the settings given, several at a time, and prints a table that compares
them: validation figures, as mean and standard deviation over the seeds. What is finished is loaded;
what was cut off goes on from its checkpoint (Ctrl-C keeps those of all trials under way).

  --set KEY=VALUE[,VALUE...]  the values of a setting, such as margin=0.5,1,3; may be repeated
  --preset P                  smoke (seconds), quick (minutes) or paper (the published schedule) of
                              each trial; default quick
  --jobs N                    trials at a time; default: the number of cores
  --executor E                local (default), or queue: trained by all who run 'tripletlab worker'
                              on the same Redis
  --redis URL, --ca FILE      which Redis that is: see 'tripletlab worker --help'

Examples
  tripletlab sweep --set margin=0.5,1,3 --set seed=1,2
  tripletlab sweep --set dataset=fashion-mnist --set network=fashion --set learningRate=1e-3,1e-4
  tripletlab sweep --set blocks=2,3 --set batchSize=64,128 --preset smoke --jobs 1
  tripletlab sweep --set margin=0.5,1,3 --executor queue --redis redis://10.0.0.5:6379`;

/** Trains many configurations. */
export const sweepCommand: Command = {
  help: HELP,
  async run(args) {
    const { values } = parsed(() =>
      parseArgs({
        args,
        options: {
          set: { type: 'string', multiple: true, default: [] },
          preset: { type: 'string', default: 'quick' },
          jobs: { type: 'string' },
          executor: { type: 'string', default: 'local' },
          redis: { type: 'string' },
          ca: { type: 'string' },
        },
      }),
    );
    const progress = sweepProgress();
    const runs = await sweep({}, gridOf(values.set), {
      preset: presetOf(values.preset),
      executor: executorOf(values.executor),
      redis: { url: values.redis, ca: values.ca },
      jobs: values.jobs === undefined ? undefined : wholeNumberOf('--jobs', values.jobs, 1),
      signal: abortOnInterrupt(),
      onProgress: progress,
    }).finally(() => progress.finish());
    console.log(plainTable(comparison(runs, { title: '' })));
    console.log(['Run folders:', ...runs.map(({ directory }) => `  ${directory}`)].join('\n'));
    return runs.every(({ status }) => status === 'finished') ? 0 : 1;
  },
};

function executorOf(text: string): 'local' | 'queue' {
  if (text === 'local' || text === 'queue') return text;
  throw new UsageError(`--executor must be local or queue, got '${text}'`);
}
