import type { Finding } from '../experiment/diagnose';
import type { Figure } from './figure';
import { table } from './table';

/** What `diagnose` found, as a table to stand under the curves; a line that says so if it is nothing. */
export function findingsTable(title: string, findings: readonly Finding[]): Figure {
  if (findings.length === 0) {
    const line = table({ title, columns: [{ name: 'what was seen' }], rows: [[NOTHING]] });
    return { ...line, alt: `${title}: ${NOTHING}` };
  }
  return {
    ...table({
      title,
      columns: [
        { name: '' },
        { name: 'what was seen' },
        { name: 'why' },
        { name: 'what to try next' },
      ],
      rows: findings.map(({ severity, seen, why, tryNext }) => [severity, seen, why, tryNext]),
      mark: (row, column) => column === 0 && findings[row].severity === 'problem',
    }),
    alt: [`${title}:`, ...findings.map(({ severity, seen }) => `${severity}: ${seen}`)].join('\n'),
  };
}

const NOTHING =
  'No finding: no collapse, no loss stuck at the margin, no batches without positives or negatives, no ' +
  'margin out of reach, no overfitting, no standstill.';
