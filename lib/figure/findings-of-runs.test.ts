import { describe, expect, it } from 'vitest';
import type { Finding } from '../experiment/diagnose';
import { findingsOfRuns } from './findings-of-runs';
import { findingsTable } from './findings-table';

const finding = (kind: Finding['kind'], severity: Finding['severity'], seen: string): Finding => ({
  kind,
  severity,
  seen,
  why: 'why',
  tryNext: `after ${seen}`,
});

describe('findingsOfRuns', () => {
  it('has a row for each kind, with the runs that have it and the words of the first', () => {
    const { alt, interactive } = findingsOfRuns('Found', {
      a: [finding('collapse', 'problem', 'all on one point')],
      healthy: [],
      b: [finding('still-learning', 'note', 'it moves')],
      c: [
        finding('collapse', 'problem', 'on another point'),
        finding('still-learning', 'note', 'it moves, too'),
      ],
    });
    expect(alt).toBe('Found:\nproblem in a, c: all on one point\nnote in b, c: it moves');
    const html = 'html' in interactive ? interactive.html : '';
    expect(html).toContain('2 of 4: a, c');
    expect(html).toContain('2 of 4: b, c');
    expect(html).toContain('after all on one point');
    expect(html).not.toContain('on another point');
  });

  it('says so when nothing was found in any', () => {
    expect(findingsOfRuns('Found', { a: [], b: [] })).toMatchObject({
      alt: findingsTable('Found', []).alt,
    });
  });

  it('keeps hostile names as text', () => {
    const { interactive } = findingsOfRuns('Found', {
      '<script>alert(1)</script>': [finding('collapse', 'problem', '<b>seen</b>')],
    });
    const html = 'html' in interactive ? interactive.html : '';
    expect(html).not.toMatch(/<script>|<b>seen/);
  });
});
