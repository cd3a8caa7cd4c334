import { inspect } from 'node:util';
import { z } from 'zod';
import { ENGINES } from '../engine/engines';
import { STRATEGIES } from '../train/strategies';

const wholeNumber = z.int().positive();

/** What a run may be called. */
export const RUN_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** What is allowed of each setting, and its default. */
const schema = z.strictObject({
  name: z
    .string()
    .regex(RUN_NAME, 'must be a-z, 0-9, dot, dash or underscore, 1 to 64 long')
    .default('run'),
  dataset: z.enum(['mnist', 'fashion-mnist']).default('mnist'),
  trainLimit: wholeNumber.optional(),
  testLimit: wholeNumber.optional(),
  inverted: z.union([z.boolean(), z.literal('stretched')]).default(false),
  validationShare: z.number().min(0).lt(1).default(0),
  network: z.enum(['mnist', 'fashion']).default('mnist'),
  blocks: z.union([z.literal(2), z.literal(3)]).default(2),
  // The limit keeps a wrong length from filling the memory.
  dimension: wholeNumber.max(4_096).default(64),
  strategy: z.enum(STRATEGIES).default('batch_all'),
  margin: z.union([z.number().positive(), z.literal('soft')]).default(0.5),
  squared: z.boolean().default(false),
  sampling: z.enum(['shuffled', 'balanced', 'class_ordered']).default('shuffled'),
  classesPerBatch: wholeNumber.default(10),
  shuffleBuffer: wholeNumber.default(100),
  batchSize: wholeNumber.min(2).default(64),
  steps: wholeNumber.default(18_750),
  learningRate: z.number().positive().default(1e-3),
  logEvery: wholeNumber.default(25),
  evaluateEvery: wholeNumber.default(1_875),
  seed: z.int().min(0).default(1),
  engine: z.enum(ENGINES).default('compiled'),
  threads: wholeNumber.default(1),
});

/** A complete, valid configuration of a run. The defaults are those of the MNIST study, margin 0.5. */
export interface Configuration {
  /**
   * For people: the run folder's name begins with it. It does not tell runs apart. Default 'run'.
   */
  name: string;
  /** The images. Default 'mnist'. */
  dataset: 'mnist' | 'fashion-mnist';
  /** Use only the first so many training images. Default: all. */
  trainLimit?: number;
  /** Use only the first so many test images. Default: all. */
  testLimit?: number;
  /**
   * Black on white, 255 - x; 'stretched' then stretches every image to the full range 0 to 255.
   * Default false.
   */
  inverted: boolean | 'stretched';
  /**
   * Share of the training images that is held out for validation; 0 (default) validates on the
   * test set.
   */
  validationShare: number;
  /** The network of the MNIST or of the Fashion-MNIST study. Default 'mnist'. */
  network: 'mnist' | 'fashion';
  /** Convolution blocks of the network 'mnist'. Default 2. */
  blocks: 2 | 3;
  /** Length of an embedding. Default 64. */
  dimension: number;
  /** The loss, and which triplets count in it. Default 'batch_all'. */
  strategy: (typeof STRATEGIES)[number];
  /**
   * In units of distance, > 0; 'soft' for batch_hard's soft margin. Nothing to softmax. Default
   * 0.5.
   */
  margin: number | 'soft';
  /** Whether the margin compares squared distances. Default false. */
  squared: boolean;
  /**
   * How batches are drawn: from 'shuffled' epochs (default); 'balanced', K images of each of P
   * classes; or 'class_ordered', as from one folder of files for each class, shuffled through a
   * small buffer.
   */
  sampling: 'shuffled' | 'balanced' | 'class_ordered';
  /**
   * P of a balanced batch; K is batchSize / P. Fewer than all are drawn anew for every batch.
   * Default 10.
   */
  classesPerBatch: number;
  /** How many images the buffer of 'class_ordered' holds. Default 100. */
  shuffleBuffer: number;
  /** Images in a batch, >= 2. Default 64. */
  batchSize: number;
  /** Training steps. Default 18,750, which are 20 epochs of MNIST in batches of 64. */
  steps: number;
  /** Step size of Adam, > 0. Default 0.001. */
  learningRate: number;
  /** Steps between two lines of training metrics. Default 25. */
  logEvery: number;
  /** Steps between two evaluations on the validation images. Default 1,875. */
  evaluateEvery: number;
  /**
   * Of the initial weights, the order of the images and the choice of those held out. Default 1.
   */
  seed: number;
  /** What runs the steps: see `compile`. Default 'compiled'. */
  engine: (typeof ENGINES)[number];
  /** Threads inside one operation. Default 1. */
  threads: number;
}

/**
 * Completes `settings` with the defaults and checks them.
 *
 * @throws TypeError naming every wrong key, its value and what is allowed
 */
export function configuration(settings: Partial<Configuration> = {}): Configuration {
  const result = schema.safeParse(settings);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => problem(issue, settings));
    throw new TypeError(`configuration: ${problems.join('; ')}`);
  }
  const contradiction = contradictionOf(result.data);
  if (contradiction) throw new TypeError(`configuration: ${contradiction}`);
  return result.data;
}

/** What is wrong between settings that are right by themselves. */
function contradictionOf(config: Configuration): string | undefined {
  const { strategy, margin, sampling, batchSize, classesPerBatch } = config;
  if (margin === 'soft' && strategy !== 'batch_hard') {
    return `margin 'soft' goes with strategy 'batch_hard', got '${strategy}'`;
  }
  if (sampling === 'balanced' && batchSize % classesPerBatch !== 0) {
    return (
      `batchSize: must be a multiple of classesPerBatch = ${classesPerBatch} ` +
      `with sampling 'balanced', got ${batchSize}`
    );
  }
  return undefined;
}

function problem(issue: z.core.$ZodIssue, settings: object): string {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    const keys = issue.keys.slice(0, 10).map((key) => key.slice(0, 80));
    const more = issue.keys.length > keys.length ? ', ...' : '';
    return `${keys.join(', ')}${more}: no such setting; the settings are ${known}`;
  }
  const key = String(issue.path[0] ?? 'settings');
  const value: unknown = issue.path.length ? (settings as Record<string, unknown>)[key] : settings;
  return `${key}: ${allowed(issue)}, got ${shown(value)}`;
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `must be ${issue.values.map(shown).join(' or ')}`;
    case 'too_small':
      return `must be ${issue.inclusive ? '>=' : '>'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive ? '<=' : '<'} ${issue.maximum}`;
    case 'invalid_type':
      return `must be ${issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`}`;
    case 'invalid_union':
      return issue.errors.map((errors) => allowed(errors[0])).join(' or ');
    default:
      return issue.message;
  }
}

/** A value as one would write it: unlike JSON, this knows NaN and Infinity. */
function shown(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 80 });
}
