import { inPercent, inWords, type Finding, type RunRecord } from './finding';
import { averageBetween, trainPoints, validationPoints } from './points';

/** Evaluations that are averaged, so that the wobble from one to the next (about 3 %) does not count. */
const WINDOW = 3;

/** The rise of the validation loss from its minimum that counts, as a share of the minimum. */
const RISE = 0.05;

/** A change of precision@1 or accuracy that 10,000 test images cannot tell from chance. */
const CHANCE = 0.002;

/** `WINDOW` evaluations in a row: from the step of the first to that of the last. */
interface Stretch {
  from: number;
  middle: number;
  to: number;
}

/** Two values of a metric: where the validation loss was lowest, and at the end. */
type Change = [lowest: number, last: number];

/** A validation loss that rises from its minimum while the training loss falls. */
export function overfitting(run: RunRecord): Finding[] {
  const turn = turnOf(run);
  if (!turn) return [];
  const validation = turn.map((at) => averageBetween(validationPoints(run, 'loss'), at)) as Change;
  const train = turn.map((at) => averageBetween(trainPoints(run, 'loss'), at)) as Change;
  const rise = validation[1] / validation[0] - 1;
  const excuse = excuseOf(run, turn);
  // A training loss that rises, too, is no overfitting; but it may be over fewer triplets.
  if (rise < RISE || !(excuse?.holds || train[1] < train[0])) return [];
  const step = turn[0].middle;
  const seen =
    `The validation loss was lowest around step ${step} and has risen by ${inPercent(rise)} since: ` +
    `it ${went(validation)}, the training loss ${went(train)}${excuse ? `, ${excuse.seen}` : ''}.`;
  if (excuse?.holds) {
    const tryNext = 'Judge by precision@1, not by the loss; training may go on.';
    return [{ kind: 'overfitting', severity: 'note', seen, why: excuse.why, tryNext }];
  }
  return [
    {
      kind: 'overfitting',
      severity: 'warning',
      seen,
      why:
        'The network has begun to learn the training images by heart: what it learns no longer holds ' +
        'for others.',
      tryNext: `Stop around there (steps: ${step}), use more training images, or a smaller network.`,
    },
  ];
}

/** Where the validation loss was lowest, and the end; undefined where the two are not apart. */
function turnOf(run: RunRecord): [Stretch, Stretch] | undefined {
  const losses = validationPoints(run, 'loss');
  const stretches = losses.slice(WINDOW - 1).map((last, i): Stretch => {
    return { from: losses[i].step, middle: losses[i + (WINDOW >> 1)].step, to: last.step };
  });
  const averages = stretches.map((stretch) => averageBetween(losses, stretch));
  const lowest = averages.indexOf(Math.min(...averages));
  const apart = lowest >= 0 && stretches.length - 1 - lowest >= WINDOW;
  return apart ? [stretches[lowest], stretches[stretches.length - 1]] : undefined;
}

/** What a loss that rises may leave out: a figure that tells whether the embedding got better. */
interface Excuse {
  /** Whether it did get better, or at least not worse. */
  holds: boolean;
  seen: string;
  why: string;
}

/** The figure that decides, of those the run recorded; undefined when it recorded none. */
function excuseOf(run: RunRecord, turn: [Stretch, Stretch]): Excuse | undefined {
  const change = (name: string): Change =>
    turn.map((at) => averageBetween(validationPoints(run, name), at)) as Change;
  for (const [metric, name] of [
    ['precisionAt1', 'precision@1'],
    ['accuracy', 'the accuracy'],
  ]) {
    const share = change(metric);
    if (Number.isNaN(share[0])) continue;
    return {
      holds: share[1] >= share[0] - CHANCE,
      seen: `${name} ${went(share)}`,
      why:
        'The loss weighs by how much the mistakes are wrong, and a few can outweigh the rest: no more ' +
        'images are mistaken than before.',
    };
  }
  const [loss, fraction] = [change('loss'), change('fractionPositive')];
  // batch_hard's loss is a mean over all anchors, whether they violate the margin or not.
  if (Number.isNaN(fraction[0]) || run.config.strategy === 'batch_hard') return undefined;
  return {
    holds: loss[1] * fraction[1] < loss[0] * fraction[0],
    seen: `fraction positive ${went(fraction)}`,
    why:
      'The loss is a mean over the triplets that still violate the margin. They become fewer, and the ' +
      'hard ones remain: summed over all triplets, the violation still falls.',
  };
}

function went([before, after]: Change): string {
  return `went from ${inWords(before)} to ${inWords(after)}`;
}
