import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Machine } from './machine';
import { reportText, saveReport, type Report, type Saved } from './report';

const MACHINE: Machine = {
  cpu: 'Abacus',
  cores: 2,
  memoryGigabytes: 25,
  node: '20.20.0',
  onnxruntime: '1.30.0',
  tfjs: '4.22.0',
  pytorch: null,
};

const report = (median: number | null): Report => ({
  explanation: 'How to read it.',
  columns: [{ name: 'side' }, { name: 'ms', digits: 2 }],
  rows: [['compiled', median]],
  notes: ['One.', 'Two.'],
});

describe('reportText', () => {
  it('has a heading, the machine, the explanation, the table and the notes', () => {
    expect(reportText('training', MACHINE, report(12.34))).toBe(`## training

Abacus, 2 cores, 25 GB; Node 20.20.0; onnxruntime 1.30.0; tfjs 4.22.0; no PyTorch

How to read it.

| side     |  ms |
| -------- | --: |
| compiled |  12 |

- One.
- Two.`);
  });

  it('ends with the table when there is nothing to note', () => {
    const text = reportText('loss', MACHINE, { ...report(1), notes: [] });
    expect(text.endsWith('| compiled |   1 |')).toBe(true);
  });
});

describe('saveReport', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const save = (section: string, machine: Machine, median: number | null): void =>
    saveReport(folder, ['training', 'loss'], section, { machine, report: report(median) });

  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keeps the other sections, in their order, and replaces its own', () => {
    save('loss', MACHINE, 7);
    save('training', MACHINE, 8);
    save('loss', { ...MACHINE, cpu: 'Slide rule' }, 9);
    const saved = JSON.parse(read('benchmark.json')) as Saved;
    expect(Object.keys(saved)).toEqual(['training', 'loss']);
    expect(saved.loss.machine.cpu).toBe('Slide rule');
    expect(saved.training).toEqual({ machine: MACHINE, report: report(8) });
    const { machine } = saved.loss;
    expect(read('benchmark.md')).toBe(
      `# Benchmark\n\n${reportText('training', MACHINE, report(8))}\n\n${reportText('loss', machine, report(9))}\n`,
    );
  });

  it('shows what is missing after reading it back', () => {
    save('training', MACHINE, NaN);
    save('loss', MACHINE, null);
    expect(read('benchmark.md').match(/\| compiled \| +– +\|/g)).toHaveLength(2);
  });

  it('does not write over a file that it cannot read', () => {
    writeFileSync(join(folder, 'benchmark.json'), '{"training":');
    expect(() => save('training', MACHINE, 1)).toThrow(
      /^saveReport: .*benchmark\.json cannot be read/,
    );
    expect(read('benchmark.json')).toBe('{"training":');
  });
});
