import { z } from 'zod';
import { ENGINES, type Engine } from '../engine/engines';
import type { Environment } from './environment';
import type { MetricsLine } from './run-folder';
import type { Summary } from './summary';

/** What is not finite is null in JSON. */
const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);
const figures = z.record(z.string(), figure);
const count = z.int().nonnegative();

const summary = z.object({
  steps: count,
  validation: figures,
  test: figures,
  train: figures,
  lastBatch: figures,
  seconds: figure,
  peakMegabytes: figure,
});

const environment = z.object({
  node: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: z.number(),
  memoryGigabytes: z.number(),
  tfjs: z.string(),
  onnxruntime: z.string(),
  engine: z.enum(ENGINES.filter((engine): engine is Exclude<Engine, 'auto'> => engine !== 'auto')),
  engineReason: z.string(),
  trainingRevision: z.number(),
  commit: z.string().nullable(),
  data: z.string(),
  isSample: z.boolean(),
  digest: z.string(),
});

/**
 * What summary.json must hold. A run folder may come from anywhere, and what is said to be a number
 * stands in figures as one.
 *
 * @throws Error saying which value is wrong
 */
export function checkedSummary(value: unknown): Summary {
  return checkedFile(summary, value);
}

/**
 * What environment.json must hold; entries that are not known are left out.
 *
 * @throws Error saying which value is wrong
 */
export function checkedEnvironment(value: unknown): Environment {
  return checkedFile(environment, value);
}

/**
 * What a line of metrics.jsonl must hold. There may be many, so this goes without a schema.
 *
 * @throws Error saying what is wrong
 */
export function checkedMetricsLine(value: unknown): MetricsLine {
  const { step, split, values } = (value ?? {}) as Record<string, unknown>;
  if (!(Number.isSafeInteger(step) && Number(step) >= 0)) {
    throw new Error(`step must be a whole number >= 0, got ${JSON.stringify(step)}`);
  }
  if (split !== 'train' && split !== 'validation') {
    throw new Error(`split must be 'train' or 'validation', got ${JSON.stringify(split)}`);
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new Error(`values must be figures by name, got ${JSON.stringify(values)}`);
  }
  const read = values as Record<string, number | null>;
  for (const [name, measured] of Object.entries(read)) {
    if (measured === null) read[name] = NaN;
    else if (typeof measured !== 'number') {
      throw new Error(`values.${name} must be a number, got ${JSON.stringify(measured)}`);
    }
  }
  return { step: step as number, split, values: read as Record<string, number> };
}

/**
 * What a JSON file of a run must hold.
 *
 * @throws Error saying which value is wrong
 */
export function checkedFile<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw new Error(`${path.join('.') || 'the whole'}: ${message}`);
}
