import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstLine } from '../data/first-line';
import { writeAtomically } from '../data/write-atomically';
import { tableText, type TableValue } from '../figure/table-text';
import { describeMachine, type Machine } from './machine';
import { markdownTable } from './table';

/** A column of a report's table. */
export interface ReportColumn {
  name: string;
  /** Significant digits of numbers that are not whole. Default 4. */
  digits?: number;
}

/** What a section of the benchmark found: plain data, written to benchmark.json as it is. */
export interface Report {
  /** How to read the table: the paragraph above it. */
  explanation: string;
  columns: ReportColumn[];
  rows: TableValue[][];
  /** What was left out and why, which bars were met: the list below the table. */
  notes: string[];
}

/** The last report of each section that was saved, with the machine that it was made on. */
export type Saved = Record<string, { machine: Machine; report: Report }>;

/** A report under its heading, in Markdown. */
export function reportText(section: string, machine: Machine, report: Report): string {
  const { explanation, columns, rows, notes } = report;
  return [
    `## ${section}`,
    describeMachine(machine),
    explanation,
    markdownTable(tableText({ columns, rows })),
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
  ].join('\n\n');
}

/**
 * Puts a report in the place of the section's last one in benchmark.json, and writes benchmark.md,
 * which shows all sections that are there.
 *
 * @param order the sections in the order in which they are shown
 * @throws Error when benchmark.json is there and cannot be read
 */
export function saveReport(
  folder: string,
  order: readonly string[],
  section: string,
  entry: Saved[string],
): void {
  const path = join(folder, 'benchmark.json');
  const saved: Saved = { ...readSaved(path), [section]: entry };
  const shown = order.filter((name) => name in saved);
  const texts = shown.map((name) => reportText(name, saved[name].machine, saved[name].report));
  const ordered: Saved = Object.fromEntries(shown.map((name) => [name, saved[name]]));
  writeAtomically(path, `${JSON.stringify(ordered, null, 1)}\n`);
  writeAtomically(join(folder, 'benchmark.md'), `${['# Benchmark', ...texts].join('\n\n')}\n`);
}

function readSaved(path: string): Saved {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Saved;
  } catch (error) {
    throw new Error(`saveReport: ${path} cannot be read: ${firstLine(error)}`, { cause: error });
  }
}
