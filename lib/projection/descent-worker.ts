import { parentPort, workerData } from 'node:worker_threads';
import type { Member } from '../data/team';
import { descend, type Descent } from './descent';

/* One thread of t-SNE, a program of `runTeam`: the first one posts reports. */

const { descent, member } = workerData as { descent: Descent; member: Member };
descend(descent, member, (report) => parentPort?.postMessage(report));
