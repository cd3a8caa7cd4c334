import { inPercent, inWords, type Finding, type RunRecord } from './finding';
import { average, quarter, recent, trainPoints, validationPoints, type Point } from './points';

/** A change from quarter to quarter that counts, as a share. */
const CHANGE = 0.05;

/** A change over the whole run too small to be called learning, as a share. */
const NO_CHANGE = 0.02;

/** How many standard errors a change has to exceed, lest noise pass for learning. */
const STANDARD_ERRORS = 3;

/** The lines of metrics from which on quarters can be compared. */
const LINES = 8;

/** A loss and a share of positive triplets that have not moved since the beginning. */
export function noProgress(run: RunRecord): Finding[] {
  const losses = trainPoints(run, 'loss');
  const others = ['fractionPositive', 'accuracy'].map((name) => trainPoints(run, name));
  const moved = (points: Point[]): boolean =>
    Math.abs(change(quarter(points, 1), quarter(points, 4))) >= NO_CHANGE;
  if (losses.length < LINES || [losses, ...others].some(moved)) return [];
  const { steps, learningRate } = run.config;
  return [
    {
      kind: 'no-progress',
      severity: 'warning',
      seen:
        `After ${steps} steps the training loss is where it was: ` +
        `${inWords(average(quarter(losses, 1)))} in the first quarter, ` +
        `${inWords(average(quarter(losses, 4)))} in the last.`,
      why: 'The steps are too small for the time they were given, or nothing can be learned from the batches.',
      tryNext: `Multiply the learning rate by 10 (it is ${learningRate}), or train longer.`,
    },
  ];
}

/** Ever fewer triplets violate the margin, whatever the loss seems to say. */
export function stillLearning(run: RunRecord): Finding[] {
  const fractions = trainPoints(run, 'fractionPositive');
  if (fractions.length < LINES || !fallsBeyondNoise(fractions)) return [];
  const losses = trainPoints(run, 'loss');
  const validation = lastChange(validationPoints(run, 'fractionPositive'));
  return [
    {
      kind: 'still-learning',
      severity: 'note',
      seen:
        `In the last quarter of training fraction positive ${described(lastChange(fractions))}, to ` +
        `${inWords(average(recent(fractions)))}, and the loss ${described(lastChange(losses))}, to ` +
        `${inWords(average(recent(losses)))}.` +
        (Number.isNaN(validation)
          ? ''
          : ` In validation fraction positive ${described(validation)}.`),
      why:
        run.config.strategy === 'batch_hard'
          ? 'Ever fewer anchors violate the margin. The loss can stand still all the same, held up by a ' +
            'few images that are hard, or labelled wrong.'
          : 'The loss is a mean over positive triplets only. As the easy ones are satisfied they leave ' +
            'it, and the hard ones that stay hold it up: it can stand still while the network learns.',
      tryNext:
        validation <= -CHANGE
          ? 'Train longer (steps), and judge by fraction positive and precision@1.'
          : 'Judge by precision@1: on images that it was not trained on, the network hardly improves ' +
            'any more.',
    },
  ];
}

function described(change: number): string {
  if (Math.abs(change) < CHANGE) return 'stood still';
  return `${change < 0 ? 'fell' : 'rose'} by ${inPercent(Math.abs(change))}`;
}

function fallsBeyondNoise(points: Point[]): boolean {
  const [before, after] = [quarter(points, 3), quarter(points, 4)];
  const noise = Math.hypot(standardError(before), standardError(after));
  const fall = average(before) - average(after);
  return fall > STANDARD_ERRORS * noise && fall >= CHANGE * average(before);
}

/** The change from the third to the last quarter, as a share. */
function lastChange(points: Point[]): number {
  return change(quarter(points, 3), quarter(points, 4));
}

/** From the mean of some points to that of others, as a share of the first. */
function change(before: Point[], after: Point[]): number {
  return average(after) / average(before) - 1;
}

/** The standard error of the mean. */
function standardError(points: Point[]): number {
  const mean = average(points);
  const squares = points.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (points.length - 1) / points.length);
}
