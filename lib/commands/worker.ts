import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { work, type WorkerEvent } from '../experiment/queue/work';
import { abortOnInterrupt, parsed, type Command } from './command';
import { wholeNumberOf } from './settings';

const HELP = `tripletlab worker [options]

Trains what sweeps put into a queue in Redis (tripletlab sweep --executor queue, or sweep(…,
{ executor: 'queue' }) in a notebook), on as many machines as have a worker. It ends with Ctrl-C or
SIGTERM: what is under way stops with a checkpoint and goes back into the queue. When a worker is
killed, or its machine is gone, another goes on from the last checkpoint that it has sent. A training
whose process dies, or for which a machine is not fit, is tried three times in all.

  --redis URL       redis://[user:password@]host[:port][/database], or rediss://… for TLS; default: the
                    environment variable TRIPLETLAB_REDIS (where a password belongs: arguments are seen
                    by everybody on a machine), else redis://127.0.0.1:6379
  --ca FILE         the certificate authority of a rediss:// server, in PEM form; default: the environment
                    variable TRIPLETLAB_REDIS_CA, else those that Node knows
  --concurrency N   trainings at a time; default: the number of cores
  --folder FOLDER   where trainings are kept until they are finished; default: results/worker
  --lock SECONDS    a worker that is silent for so long counts as dead; default 20

A worker listens on no port; it speaks only to Redis. Whoever may write to that Redis may have
anything trained, and is trusted with the numbers: give it a password and TLS where it listens
beyond this machine. Worker and client need the same version of this project and the same data. A run
of more than 256 MiB does not go through.

Examples
  tripletlab worker
  tripletlab worker --concurrency 2 --redis redis://10.0.0.5:6379
  TRIPLETLAB_REDIS=rediss://me:secret@lab.example:6380 tripletlab worker --ca lab-ca.pem`;

/** Trains what comes through the queue. */
export const worker: Command = {
  help: HELP,
  async run(args) {
    const { values } = parsed(() =>
      parseArgs({
        args,
        options: {
          redis: { type: 'string' },
          ca: { type: 'string' },
          concurrency: { type: 'string' },
          folder: { type: 'string' },
          lock: { type: 'string' },
        },
      }),
    );
    const number = (option: 'concurrency' | 'lock'): number | undefined => {
      const text = values[option];
      return text === undefined ? undefined : wholeNumberOf(`--${option}`, text, 1);
    };
    await work({
      redis: { url: values.redis, ca: values.ca },
      concurrency: number('concurrency') ?? availableParallelism(),
      folder: values.folder === undefined ? undefined : resolve(values.folder),
      lockSeconds: number('lock'),
      signal: abortOnInterrupt(['SIGINT', 'SIGTERM']),
      onEvent: (event) => console.log(describe(event)),
    });
    return 0;
  },
};

/** A line for the log of a worker. */
function describe(event: WorkerEvent): string {
  switch (event.type) {
    case 'ready':
      return `worker ${process.pid} takes jobs from ${event.address}`;
    case 'failed':
      return `${event.name}: failed: ${event.error}`;
    case 'problem':
      return `problem: ${event.error}`;
    default:
      return `${event.name}: ${event.type}`;
  }
}
