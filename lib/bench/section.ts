import type { Report } from './report';
import type { Workload } from './workload';

/** How thoroughly a section measures. */
export interface Thoroughness {
  rounds: number;
  /** Steps of the section `memory`. */
  steps: number;
  /** Whether what takes minutes is left out. */
  quick: boolean;
}

/** A question that the benchmark answers with one table. */
export interface Section {
  name: string;
  /** What it measures, in a line of the help. */
  summary: string;
  /** What it measures it on, unless that is restricted. */
  workloads: Workload[];
  /** Terms of the workloads that --quick leaves: see `select`. Default: batch 64 on one thread. */
  quick?: string[];
  measure(workloads: readonly Workload[], thoroughness: Thoroughness): Promise<Report>;
}

/** Says on the error output how far a section is, so that the table alone goes to the output. */
export function showProgress(section: string, done: number, total: number, what: string): void {
  console.error(`${section} ${done}/${total}: ${what}`);
}
