import type { Finding, FindingKind } from '../experiment/diagnose';
import type { Figure } from './figure';
import { findingsTable } from './findings-table';
import { table } from './table';

/**
 * What `diagnose` found in many runs, as a table to stand under their curves: a row for each kind of
 * finding, with how many runs have it and which, and in the words of the first of them.
 *
 * @param findings what was found, by the name of the run; none in a run that looks healthy
 */
export function findingsOfRuns(
  title: string,
  findings: Readonly<Record<string, readonly Finding[]>>,
): Figure {
  const runs = Object.entries(findings);
  const kinds = new Map<FindingKind, { first: Finding; names: string[] }>();
  for (const [name, found] of runs) {
    for (const finding of found) {
      const kind = kinds.get(finding.kind);
      if (kind) kind.names.push(name);
      else kinds.set(finding.kind, { first: finding, names: [name] });
    }
  }
  if (kinds.size === 0) return findingsTable(title, []);
  const rows = [...kinds.values()];
  return {
    ...table({
      title,
      columns: [
        { name: '' },
        { name: 'runs' },
        { name: 'seen in the first of them' },
        { name: 'what to try next' },
      ],
      rows: rows.map(({ first, names }) => [
        first.severity,
        `${names.length} of ${runs.length}: ${names.join(', ')}`,
        first.seen,
        first.tryNext,
      ]),
      mark: (row, column) => column === 0 && rows[row].first.severity === 'problem',
    }),
    alt: [
      `${title}:`,
      ...rows.map(({ first, names }) => `${first.severity} in ${names.join(', ')}: ${first.seen}`),
    ].join('\n'),
  };
}
