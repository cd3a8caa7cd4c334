import { simplexEdge } from '../../loss/simplex-bound';
import type { RunData } from '../run-data';
import { inWords, type Finding, type RunRecord } from './finding';
import { average, recent, trainPoints } from './points';

/** A float32 vector that was divided by its length is nearer to length 1 than this. */
const UNIT_LENGTH = 1e-3;

/** A margin that embeddings of length 1 are not able to satisfy, whatever is learned. */
export function unreachableMargin(run: RunRecord, { train }: RunData): Finding[] {
  const { strategy, margin, squared } = run.config;
  const classes = new Set(train.labels).size;
  if (strategy === 'softmax' || classes < 2 || !isNormalised(run)) return [];
  const distance = squared ? 'squared distance' : 'distance';
  const power = squared ? 2 : 1;
  const largest = 2 ** power;
  // Semi-hard triplets are chosen by their gap, so their mean gap may exceed that of all triplets.
  const largestMean = strategy === 'semi_hard' ? largest : simplexEdge(classes) ** power;
  const geometry =
    `Embeddings of length 1 have a ${distance} of at most ${largest}` +
    (largestMean < largest
      ? `, and of at most ${inWords(largestMean)} on average between ${classes} classes. `
      : '. ');
  if (margin === 'soft') {
    const lowest = Math.log1p(Math.exp(-largestMean));
    return [
      {
        kind: 'unreachable-margin',
        severity: 'note',
        seen: `With normalised embeddings the soft-margin loss can never come below ${inWords(lowest)}.`,
        why: `${geometry}ln(1 + exp(−${inWords(largestMean)})) is what a perfect embedding comes to.`,
        tryNext: 'Measure the loss from there, or take a network that does not normalise.',
      },
    ];
  }
  if (margin <= largestMean) return [];
  const never = margin > largest;
  const loss = average(recent(trainPoints(run, 'loss')));
  return [
    {
      kind: 'unreachable-margin',
      severity: never ? 'problem' : 'warning',
      seen:
        `With margin ${margin} the loss can never come below ${inWords(margin - largestMean)}; ` +
        `the training loss is ${inWords(loss)}.`,
      why:
        geometry +
        (never
          ? 'No triplet can satisfy the margin: all stay positive for ever, easy and hard ones alike.'
          : 'Not all triplets can satisfy the margin at once, however good the network.'),
      tryNext:
        `Take a margin below ${inWords(largestMean)}, such as ${Number((largestMean / 3).toPrecision(1))}, ` +
        'or a network that does not normalise.',
    },
  ];
}

/** By the norms that were measured; for runs that did not measure them, by the network. */
function isNormalised(run: RunRecord): boolean {
  const norm = average(recent(trainPoints(run, 'meanNorm')));
  return Number.isNaN(norm) ? run.config.network === 'mnist' : Math.abs(norm - 1) < UNIT_LENGTH;
}
