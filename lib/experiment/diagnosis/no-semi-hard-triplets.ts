import type { Finding, RunRecord } from './finding';
import { average, recent, trainPoints } from './points';

/** A semi-hard loss of 0, which says nothing: triplets too hard count as little as those done with. */
export function noSemiHardTriplets(run: RunRecord): Finding[] {
  const fraction = average(recent(trainPoints(run, 'fractionPositive')));
  if (run.config.strategy !== 'semi_hard' || fraction !== 0) return [];
  return [
    {
      kind: 'no-semi-hard-triplets',
      severity: 'warning',
      seen: 'At the end of training not one triplet is semi-hard: the loss is 0.',
      why:
        'Semi-hard triplets have a negative farther than the positive, by less than the margin. None ' +
        'are left when all classes are apart, but also when embeddings are so far out, or so near to ' +
        'each other, that every negative is beyond that band or inside it.',
      tryNext:
        'Look at precision@1 and at the norms. If the classes are not apart, divide the learning rate ' +
        "by 10, or take strategy 'batch_all'.",
    },
  ];
}
