import { z } from 'zod';
import type { Dataset } from '../data/dataset';
import { describeMachine, type Machine } from '../experiment/environment';
import type { Run } from '../experiment/run';
import { figureTitle, sampleTitle } from '../figure/data-notice';
import { table } from '../figure/table';
import { display, inNotebook } from './display';
import type { Notebook } from './notebook';
import { figureBundle } from './show';

/** What a notebook came to, as other programs read it. */
export interface Conclusion {
  /** The results, in the order in which an index shows them. */
  results: { name: string; value: string | number }[];
  /** How they came about, in the order in which a report shows it. */
  provenance: { name: string; value: string }[];
  /** The ids of the runs they come from; none where they come from the data alone. */
  runs: string[];
}

/**
 * Ends a notebook: shows its results as a table, and leaves them, with their provenance, where an
 * index of reports finds them.
 *
 * @param origin the run that the results come from, or the dataset where nothing was trained
 * @param results figures by name: { 'validation loss': 0.152 }
 * @param others further runs that the notebook shows
 */
export function conclude(
  origin: Run | Dataset,
  results: Record<string, string | number>,
  others: readonly Run[] = [],
): void {
  const conclusion: Conclusion = {
    results: named(results),
    ...('source' in origin
      ? { provenance: named(provenanceOfData(origin)), runs: others.map(({ id }) => id) }
      : {
          provenance: named(provenanceOfRun(origin)),
          runs: [...new Set([origin, ...others].map(({ id }) => id))],
        }),
  };
  const figure = table({
    title: titleOf(origin),
    columns: Object.keys(results).map((name) => ({ name, digits: 4 })),
    rows: [Object.values(results)],
  });
  if (!inNotebook()) {
    console.log(figure.alt);
    return;
  }
  const { data, metadata } = figureBundle(figure, 'still');
  display({ data, metadata: { ...metadata, tripletlab: { alt: figure.alt, conclusion } } });
}

function titleOf(origin: Run | Dataset): string {
  const title = 'Results';
  if ('source' in origin) return figureTitle(title, origin);
  const { config, environment } = origin;
  const isPartial = environment.isSample || config.trainLimit || config.testLimit;
  return isPartial ? sampleTitle(title) : title;
}

const listOf = <T extends z.ZodType>(value: T) => z.array(z.object({ name: z.string(), value }));

/**
 * A notebook may come from anywhere, and runs are looked for under the names that it gives. Earlier
 * versions of the library left less.
 */
const concluded = z.object({
  conclusion: z.object({
    results: listOf(z.union([z.string(), z.number()])).default([]),
    provenance: listOf(z.string()).default([]),
    runs: z.array(z.string().regex(/^[a-z0-9][a-z0-9._-]*$/)).default([]),
  }),
});

/** What an executed notebook concluded; undefined when it did not come to its end. */
export function conclusionOf(notebook: Notebook): Conclusion | undefined {
  for (const cell of notebook.cells) {
    if (cell.cell_type !== 'code') continue;
    for (const output of cell.outputs) {
      if (output.output_type !== 'display_data') continue;
      const read = concluded.safeParse(output.metadata.tripletlab);
      if (read.success) return read.data.conclusion;
    }
  }
  return undefined;
}

/** As a list: the keys of a notebook's JSON are sorted when it is written. */
function named<T>(record: Record<string, T>): { name: string; value: T }[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}

function provenanceOfRun({ id, config, environment, summary }: Run): Record<string, string> {
  return {
    run: id,
    'configuration hash': id.slice(config.name.length + 1),
    steps: String(config.steps),
    seed: String(config.seed),
    data: environment.data,
    engine: `${environment.engine} (${environment.engineReason}), threads: ${config.threads}`,
    machine: machineOf(environment),
    versions: `Node ${environment.node}, tfjs ${environment.tfjs}, onnxruntime ${environment.onnxruntime}`,
    commit: environment.commit ?? 'unknown',
    'training revision': String(environment.trainingRevision),
    'training time': `${summary.seconds.toFixed(0)} s`,
  };
}

function provenanceOfData({ source, digest }: Dataset): Record<string, string> {
  const machine = describeMachine();
  return {
    data: source,
    'data hash': digest,
    machine: machineOf(machine),
    versions: `Node ${machine.node}`,
    commit: machine.commit ?? 'unknown',
  };
}

function machineOf({ cpu, cores, platform }: Machine): string {
  return `${cpu}, ${cores} cores, ${platform}`;
}
