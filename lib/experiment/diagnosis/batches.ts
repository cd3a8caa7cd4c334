import type { Sampler } from '../../data/sampler';
import { buildSampler } from '../build';
import type { RunData } from '../run-data';
import { inPercent, type Finding, type RunRecord } from './finding';

/** Batches that are looked at, evenly spaced over a run: a share of 1 % is then three of them. */
const LOOKED_AT = 300;

/** Below this share the lost batches cost less than a hundredth of the training. */
const SEEN_FROM = 0.01;

/** From this share on a tenth of the training or more is wasted. */
const PROBLEM_FROM = 0.1;

/** What a run's batches are made of, as shares of the batches that were looked at. */
export interface BatchComposition {
  /** Batches whose items are all of one class: no negatives. */
  oneClass: number;
  /** Batches in which no class comes twice: no positives. */
  withoutPositives: number;
  /** Number of batches that were looked at. */
  batches: number;
}

/**
 * Counts classes in up to 300 of the batches 0 to steps - 1 that a sampler draws, evenly spaced.
 *
 * @param labels class of each item
 */
export function batchComposition(
  sampler: Sampler,
  labels: ArrayLike<number>,
  steps: number,
): BatchComposition {
  const batches = Math.min(LOOKED_AT, steps);
  let [oneClass, withoutPositives] = [0, 0];
  for (let i = 0; i < batches; i++) {
    const items = sampler.batch(Math.floor((i * steps) / batches));
    const classes = new Set(Array.from(items, (item) => labels[item])).size;
    if (classes === 1) oneClass++;
    if (classes === items.length) withoutPositives++;
  }
  return {
    oneClass: oneClass / batches,
    withoutPositives: withoutPositives / batches,
    batches,
  };
}

/** Batches from which nothing, or the wrong thing, can be learned. */
export function poorBatches({ config }: RunRecord, data: RunData): Finding[] {
  const found = batchComposition(buildSampler(config, data), data.train.labels, config.steps);
  const looked = `Of ${found.batches} batches looked at,`;
  const findings: Finding[] = [];
  if (found.oneClass >= SEEN_FROM) {
    findings.push({
      kind: 'one-class-batches',
      severity: severityOf(found.oneClass),
      seen: `${looked} ${inPercent(found.oneClass)} hold a single class.`,
      why: WITHOUT_NEGATIVES[config.strategy],
      tryNext:
        'Shuffle all training images, not a small buffer of images sorted by class ' +
        "(sampling: 'shuffled'), or draw as many of every class (sampling: 'balanced').",
    });
  }
  if (found.withoutPositives >= SEEN_FROM && config.strategy !== 'softmax') {
    findings.push({
      kind: 'batches-without-positives',
      severity: severityOf(found.withoutPositives),
      seen: `${looked} ${inPercent(found.withoutPositives)} have no two images of one class.`,
      why:
        config.strategy === 'batch_hard'
          ? 'Without a positive the distance to it counts as 0: such a batch only pushes images apart.'
          : 'Without a positive there is no triplet: such a batch has the loss 0 and teaches nothing.',
      tryNext:
        `Enlarge the batch (batchSize is ${config.batchSize}), or draw several of every class ` +
        "(sampling: 'balanced').",
    });
  }
  return findings;
}

/** What a batch of one class does to each strategy. */
const WITHOUT_NEGATIVES: Record<RunRecord['config']['strategy'], string> = {
  batch_all:
    'Without a negative there is no triplet: such a batch has the loss 0 and teaches nothing.',
  semi_hard:
    'Without a negative there is no triplet: such a batch has the loss 0 and teaches nothing.',
  batch_hard:
    'Without a negative such a batch has a loss of exactly the margin (ln 2 if it is soft), whatever ' +
    'the network does: a loss that seems stuck there may be an artefact of the order of the data.',
  softmax: 'Such a batch teaches the network to answer that one class, and the next undoes it.',
};

function severityOf(share: number): Finding['severity'] {
  return share >= PROBLEM_FROM ? 'problem' : 'warning';
}
