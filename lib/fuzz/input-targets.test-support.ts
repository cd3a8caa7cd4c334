import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { gridOf, settingsOf } from '../commands/settings';
import { encodeIdx, parseIdx } from '../data/idx';
import { imageSet, readIdxDataset, type IdxChecksums } from '../data/idx-dataset';
import { projectPath } from '../data/project';
import { configuration } from '../experiment/configuration';
import { configure, PRESETS } from '../experiment/preset';
import { trialsOf } from '../experiment/sweep/trials';
import { conclusionOf } from '../notebook/conclude';
import { checkOutputs } from '../notebook/check/check-outputs';
import type { Notebook } from '../notebook/notebook';
import { formatNotebook, parseNotebook } from '../notebook/notebook-file';
import { notebookParameters, withParameters } from '../notebook/parameters';
import { renderReport, thumbnailOf } from '../notebook/report/report';
import { HOSTILE, jsonOf, mutatedBytes, mutatedValue, pick } from './mutations.test-support';
import type { Target } from './target.test-support';

const images = encodeIdx({
  shape: [6, 4, 4],
  data: Uint8Array.from({ length: 96 }, (_, i) => 2 * i),
});
const labels = encodeIdx({ shape: [6], data: Uint8Array.of(0, 1, 2, 3, 4, 9) });

const checksums: IdxChecksums = {
  'train-images-idx3-ubyte': '0',
  'train-labels-idx1-ubyte': '0',
  't10k-images-idx3-ubyte': '0',
  't10k-labels-idx1-ubyte': '0',
};

/** Files of images and labels, plain and compressed. */
export const idxFiles: Target = {
  name: 'IDX files',
  message: /^(parseIdx|imageSet|readIdxDataset): .*(IDX file|labels|images|files|\/)/,
  async attempt(random, folder) {
    if (random() < 0.1) {
      for (const name of Object.keys(checksums)) {
        const file = gzipSync(images, { level: 1 });
        writeFileSync(join(folder, `${name}.gz`), mutatedBytes(file, random));
      }
      await readIdxDataset(folder, checksums);
    }
    if (random() < 0.3) {
      const { shape, data } = parseIdx(mutatedBytes(pick([images, labels], random), random));
      if (shape.reduce((a, b) => a * b) !== data.length) throw new Error('a wrong shape');
    }
    const maybe = (file: Uint8Array): Uint8Array =>
      random() < 0.5 ? file : mutatedBytes(file, random);
    imageSet(maybe(images), maybe(labels), 'x');
  },
};

const settings = {
  ...configuration(),
  trainLimit: 100,
  testLimit: 100,
  name: 'mnist-margin-0.5',
};

/** Settings as they come from a file, a notebook or a command line. */
export const configurations: Target = {
  name: 'configurations',
  message: /^(configuration|sweep|preset|--set|gridPlan|'?plan)/,
  attempt(random) {
    const strange = mutatedValue(settings, random) as object;
    if (random() < 0.3) configure({}, pick(PRESETS, random), strange);
    // The base of a sweep is written in code, where it is an object.
    if (random() < 0.3 && strange instanceof Object) trialsOf(strange, { margin: [1, 2] });
    if (random() < 0.3) {
      const text = Buffer.from(mutatedBytes(Buffer.from('margin=0.5'), random)).toString();
      configuration(settingsOf([text]));
      trialsOf({}, gridOf([`${text},1,${pick(HOSTILE, random)}`]));
    }
    const read = configuration(strange);
    // Accepted once, accepted for ever, and the same.
    if (JSON.stringify(configuration(read)) !== JSON.stringify(read)) throw new Error('changes');
  },
};

/** A notebook of every kind of cell and output. */
const mixed: Notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: 'tslab' } },
  cells: [
    {
      cell_type: 'markdown',
      id: 'a',
      metadata: {},
      source: '# Title $x^2$\n\n![p](attachment:p.png)',
      attachments: { 'p.png': { 'image/png': 'iVBORw0KGgo=' } },
    },
    { cell_type: 'raw', id: 'r', metadata: {}, source: 'raw' },
    {
      cell_type: 'code',
      id: 'b',
      metadata: { tags: ['parameters'] },
      execution_count: 1,
      outputs: [],
      source: "const parameters = { preset: 'quick', seed: 1, overrides: { margin: [1, -2] } };",
    },
    {
      cell_type: 'code',
      id: 'c',
      metadata: {},
      execution_count: 2,
      source: 'show(figure);',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: 'one\rtwo\n' },
        {
          output_type: 'display_data',
          metadata: { 'image/png': { width: 10, height: 20 }, tripletlab: { alt: 'A figure' } },
          data: {
            'application/vnd.plotly.v1+json': {
              data: [{ x: [1], y: [2], name: 'a' }],
              layout: { title: 'T' },
            },
            'text/html': '<div>x</div>',
            'image/png': 'iVBORw0KGgo=',
            'text/plain': 'A figure',
          },
        },
        {
          output_type: 'display_data',
          metadata: {},
          data: {
            'text/html': '<table><tr><td style="color:red">1</td></tr></table><script>1</script>',
          },
        },
        {
          output_type: 'execute_result',
          metadata: {},
          execution_count: 2,
          data: { 'text/latex': '$x$', 'application/json': { a: [1] } },
        },
        {
          output_type: 'error',
          ename: 'Error',
          evalue: 'no\nmore',
          traceback: ['Error: no', '    at f'],
        },
        {
          output_type: 'display_data',
          data: { 'text/plain': 'Results', 'image/svg+xml': '<svg/>' },
          metadata: {
            tripletlab: {
              conclusion: {
                results: [{ name: 'loss', value: 0.5 }],
                provenance: [
                  { name: 'run', value: 'x' },
                  { name: 'training revision', value: '3' },
                ],
                runs: ['x-123'],
              },
            },
          },
        },
      ],
    },
  ],
};

const committed = readFileSync(projectPath('notebooks', '10-margin-sweep.ipynb'));

/** Notebooks: read, written, reported on; never executed. */
export const notebooks: Target = {
  name: 'notebooks',
  message: /^(readNotebook|parameters|withParameters): ./,
  attempt(random) {
    const text = pick(
      [
        () => jsonOf(mutatedValue(mixed, random)),
        () => Buffer.from(mutatedBytes(Buffer.from(JSON.stringify(mixed)), random)).toString(),
        () => Buffer.from(mutatedBytes(committed, random)).toString(),
      ],
      random,
    )();
    const notebook = parseNotebook(text, 'x.ipynb');
    const written = formatNotebook(notebook);
    if (formatNotebook(parseNotebook(written)).length !== written.length) {
      throw new Error('changes by being written');
    }
    requireHarmless(renderReport(notebook));
    conclusionOf(notebook);
    checkOutputs(notebook);
    thumbnailOf(notebook);
    if (notebookParameters(notebook)) withParameters(notebook, { seed: 1 });
  },
};

/** Makes sure that markup of a notebook is nowhere in a report but in frames that run none of it. */
export function requireHarmless(html: string): void {
  const own = html
    .replace(/<script type="application\/json" id="plot-\d+">[^<]*<\/script>/g, '')
    .replace(/ srcdoc="[^"]*"/g, '');
  const body = own.slice(own.indexOf('<body>'), own.lastIndexOf('</main>'));
  const found = /<script|<[^>]*\s(on\w+|srcdoc|formaction)\s*=|href="\s*(javascript|data):/i.exec(
    body.replace(/="[^"]*"/g, (value) => value.replace(/[<>]|\son\w+=/g, '')),
  );
  if (found) throw new Error(`harm: ${body.slice(found.index, found.index + 100)}`);
}
