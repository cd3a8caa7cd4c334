import { describe, expect, it } from 'vitest';
import type { Finding } from '../experiment/diagnose';
import { findingsTable } from './findings-table';
import { readPixels } from './pixels';

const finding: Finding = {
  kind: 'collapse',
  severity: 'problem',
  seen: 'All <on> one point.',
  why: 'Too fast.',
  tryNext: 'Slow down.',
};

function html(findings: Finding[]): string {
  const { interactive } = findingsTable('Diagnosis', findings);
  if (!('html' in interactive)) throw new Error('not a table');
  return interactive.html;
}

describe('findingsTable', () => {
  it('has a row for every finding, problems in bold', () => {
    const text = html([finding, { ...finding, severity: 'note' }]);
    const cells = [...text.matchAll(/<t[dh] [^>]*>([^<]*)</g)].map((match) => match[1]);
    const rest = ['All &lt;on&gt; one point.', 'Too fast.', 'Slow down.'];
    expect(cells.slice(4)).toEqual(['problem', ...rest, 'note', ...rest]);
    expect(text).toMatch(/font-weight:bold[^>]*>problem</);
    expect(text).not.toMatch(/font-weight:bold[^>]*>note</);
  });

  it('says in words what was found, for those who do not see it and for a terminal', () => {
    const { alt } = findingsTable('Diagnosis', [finding, { ...finding, severity: 'note' }]);
    expect(alt).toBe('Diagnosis:\nproblem: All <on> one point.\nnote: All <on> one point.');
  });

  it('says that nothing was found', () => {
    expect(html([])).toContain('No finding: no collapse');
    expect(findingsTable('Diagnosis', []).alt).toMatch(/^Diagnosis: No finding: /);
  });

  it('draws a still of it', () => {
    for (const findings of [[], [finding], Array<Finding>(8).fill(finding)]) {
      const figure = findingsTable('Diagnosis', findings);
      const pixels = readPixels(figure.png());
      expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
    }
  });
});
