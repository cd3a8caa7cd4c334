import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectPath } from './data/project';

/** All installed copies of a package, however deep. */
function copies(name: string, folder = projectPath('node_modules')): string[] {
  const found = existsSync(join(folder, name)) ? [join(folder, name)] : [];
  for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
    const packages = entry.startsWith('@') ? readdirSync(join(folder, entry)) : [''];
    for (const inner of packages) {
      found.push(...copies(name, join(folder, entry, inner, 'node_modules')));
    }
  }
  return found;
}

describe('the packages', () => {
  it('hold one tfjs for everybody', () => {
    expect(copies('@tensorflow/tfjs-core')).toEqual([
      projectPath('node_modules', '@tensorflow/tfjs-core'),
    ]);
  });

  it('give danfojs the same tfjs as the library, with no word of a second registration', () => {
    const script = `
      const warnings = [];
      console.warn = (...words) => warnings.push(words.join(' '));
      const tf = require('@tensorflow/tfjs');
      const { DataFrame, tensorflow } = require('danfojs-node');
      const frame = new DataFrame([{ margin: 1, loss: 2 }, { margin: 1, loss: 4 }]);
      const mean = frame.groupby(['margin']).agg({ loss: 'mean' }).values;
      console.log(JSON.stringify({ same: tensorflow === tf, mean, warnings }));`;
    const out = execFileSync(process.execPath, ['-e', script], {
      cwd: projectPath('lib'),
      encoding: 'utf8',
    });
    expect(JSON.parse(out.trim().split('\n').at(-1)!)).toEqual({
      same: true,
      mean: [[1, 3]],
      warnings: [],
    });
  });

  it('are locked without download addresses', () => {
    const lock = readFileSync(projectPath('package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved": "(https?|git)/);
  });
});
