import { inPercent, inWords, type Finding, type RunRecord } from './finding';
import { average, recent, trainPoints } from './points';

/** Embeddings are on one point when their distances are below this share of their norm. */
const ON_ONE_POINT = 0.001;

/**
 * Or when they are nearer to each other than this share of the margin, and have drawn together. An
 * untrained network, whose embeddings are small, can be as near to one point, but moves away.
 */
const NEAR = 0.03;

/** To have drawn together is to be at this share of the distance in the first line of metrics. */
const DRAWN_TOGETHER = 0.5;

/** A loss this near to its value without any knowledge is taken to be there, as a share of it. */
const AT_MARGIN = 0.01;

/** From this share of positive triplets on, all of them count. */
const ALL_POSITIVE = 0.99;

/** A run does not measure all of them; batches of one class leave those to negatives at 0. */
const DISTANCES = [
  'betweenClassDistance',
  'withinClassDistance',
  'hardestPositive',
  'hardestNegative',
];

/** What a run came to in its last batches; NaN for what was not measured. */
interface End {
  loss: number;
  fractionPositive: number;
  meanNorm: number;
  /** The largest of the mean distances. */
  spread: number;
  /** The same in the first line of metrics. */
  firstSpread: number;
}

/** A collapse of all embeddings into one point, or a loss that stands where it would then. */
export function collapse(run: RunRecord): Finding[] {
  const last = (name: string): number => average(recent(trainPoints(run, name)));
  const first = (name: string): number => average(trainPoints(run, name).slice(0, 1));
  const end: End = {
    loss: last('loss'),
    fractionPositive: last('fractionPositive'),
    meanNorm: last('meanNorm'),
    spread: largest(DISTANCES.map(last)),
    firstSpread: largest(DISTANCES.map(first)),
  };
  if (isOnOnePoint(run, end)) return [collapsed(run, end)];
  return isAtMargin(run, end) ? [lossAtMargin(run, end)] : [];
}

/** The largest of the values that are known. */
function largest(values: number[]): number {
  const known = values.filter(Number.isFinite);
  return known.length ? Math.max(...known) : NaN;
}

function isOnOnePoint(
  { config: { strategy, margin, squared } }: RunRecord,
  { spread, firstSpread, meanNorm }: End,
): boolean {
  if (spread < ON_ONE_POINT * meanNorm) return true;
  if (strategy === 'softmax') return false;
  // The soft margin has no distance of its own; its slope changes over about 1.
  const unit = margin === 'soft' ? 1 : squared ? Math.sqrt(margin) : margin;
  return spread < NEAR * unit && spread <= DRAWN_TOGETHER * firstSpread;
}

function collapsed({ config }: RunRecord, { loss, meanNorm, spread }: End): Finding {
  const { strategy, margin, learningRate } = config;
  const hard = strategy === 'batch_hard';
  const norm = Number.isNaN(meanNorm) ? '' : ` (their mean norm is ${inWords(meanNorm)})`;
  return {
    kind: 'collapse',
    severity: 'problem',
    seen:
      `The embeddings are all on one point${norm}: no mean distance between them is above ` +
      `${inWords(spread)}, and the training loss is ${inWords(loss)}.`,
    why: hard
      ? `With every distance 0 the loss is ${margin === 'soft' ? 'ln 2 = 0.693' : `the margin, ${margin}`}. ` +
        'As long as the farthest positive is farther than the nearest negative, drawing everything ' +
        'together lowers the loss.'
      : 'With every distance 0 no class can be told from another. Usually a step was so large that ' +
        'no unit of the network responds to its input any more.',
    tryNext:
      `Divide the learning rate by 10 (it is ${learningRate})` +
      (hard
        ? "; begin with strategy 'batch_all' or 'semi_hard'; draw batches with sampling 'balanced'."
        : ', or take another seed.'),
  };
}

/** Whether the loss is that of embeddings which know nothing of the classes. */
function isAtMargin(
  { config: { strategy, margin } }: RunRecord,
  { loss, fractionPositive }: End,
): boolean {
  if (strategy === 'softmax' || strategy === 'semi_hard') return false;
  const ignorant = margin === 'soft' ? Math.LN2 : margin;
  // The soft margin counts other triplets as positive: those whose negative is the nearer.
  const allCount = margin === 'soft' || fractionPositive >= ALL_POSITIVE;
  return allCount && Math.abs(loss - ignorant) <= AT_MARGIN * ignorant;
}

function lossAtMargin({ config: { margin } }: RunRecord, { loss, spread }: End): Finding {
  return {
    kind: 'loss-at-margin',
    severity: 'warning',
    seen:
      `The training loss is ${inWords(loss)}, within ${inPercent(AT_MARGIN)} of ` +
      (margin === 'soft' ? 'ln 2 = 0.693.' : `the margin, ${margin}.`),
    why:
      'That is the loss where positives are as far away as negatives. ' +
      (Number.isNaN(spread)
        ? 'Usually all embeddings have collapsed into one point; this run did not measure its distances.'
        : `The embeddings are not on one point (mean distances are up to ${inWords(spread)}), but they ` +
          'do not tell the classes apart, or are about to collapse.'),
    tryNext:
      'Divide the learning rate by 10, and train longer. With batch_hard begin with strategy ' +
      "'batch_all' or 'semi_hard', and see that batches hold several classes.",
  };
}
