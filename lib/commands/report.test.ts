import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumBrowser, launchChromium } from '../data/chromium.test-support';
import { projectPath } from '../data/project';
import { isMissing, pythonModule } from '../data/require-peer';
import { executeNotebook } from '../notebook/execute-notebook';
import { isExecuted, type CodeCell, type Notebook, type Output } from '../notebook/notebook';
import { readNotebook, writeNotebook } from '../notebook/notebook-file';
import { requireBuild } from '../notebook/require-build';

requireBuild();

const LONG = 300_000;
let folder: string;

beforeAll(() => {
  // Inside the project, where a cell finds the library.
  mkdirSync(projectPath('results'), { recursive: true });
  folder = mkdtempSync(projectPath('results', 'test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(...args: string[]): { status: number | null; out: string; err: string } {
  const program = projectPath('lib', 'bin', 'tripletlab.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'report', ...args], {
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

function code(source: string, count: number | null = null, ...outputs: Output[]): CodeCell {
  return { cell_type: 'code', metadata: {}, source, execution_count: count, outputs };
}

function write(path: string, ...cells: CodeCell[]): string {
  const title = { cell_type: 'markdown' as const, metadata: {}, source: '# Title' };
  const notebook: Notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [title, ...cells],
  };
  mkdirSync(join(path, '..'), { recursive: true });
  writeNotebook(path, notebook);
  return path;
}

/** What `conclude` leaves of a run. */
const conclusionWith = (results: Record<string, number | string>): Output => ({
  output_type: 'display_data',
  data: { 'text/plain': 'Results' },
  metadata: {
    tripletlab: {
      conclusion: {
        results: Object.entries(results).map(([name, value]) => ({ name, value })),
        provenance: [
          { name: 'run', value: 'a-1' },
          { name: 'commit', value: '1f32ca0' },
        ],
        runs: ['a-1', 'b-2', 'c-3'],
      },
    },
  },
});
const conclusion = conclusionWith({ 'precision@1': 0.5 });

describe('tripletlab report', () => {
  it('writes reports with their provenance and an index, and leaves out what was never run', () => {
    const done = write(join(folder, 'in', 'done.ipynb'), code('1', 1, conclusion));
    const broken = write(join(folder, 'in', 'cut-off.ipynb'), code('1', 1), code('2'));
    const fresh = write(join(folder, 'in', 'fresh.ipynb'), code('1'));
    const output = join(folder, 'out');
    const { status, out, err } = report(done, broken, fresh, '--output', output);
    expect(status).toBe(1);
    expect(err).toBe('fresh: never run, so not reported on\n');
    expect(out).toBe(`Reports: ${join(output, 'index.html')}\n`);
    expect(readdirSync(output).sort()).toEqual(['cut-off.html', 'done.html', 'index.html']);
    const html = (name: string): string => readFileSync(join(output, name), 'utf8');
    expect(html('done.html')).toContain('<dt>commit</dt><dd>1f32ca0</dd>');
    expect(html('done.html')).toContain('<dt>further runs</dt><dd>b-2, c-3</dd>');
    expect(html('cut-off.html')).toContain('<dt>notebook</dt><dd>not run to its end');
    expect(html('index.html')).toMatch(
      /href="done\.html">Title<\/a><\/th><td class="number">0\.5</,
    );
  });

  it('compares in its table what several came to, and has the rest beside each picture', () => {
    const one = conclusionWith({ 'precision@1': 0.5, 'best of nine': 'a<b' });
    const other = conclusionWith({ silhouette: 0.123456, 'precision@1': 0.75 });
    const paths = [one, other].map((output, i) =>
      write(join(folder, 'in', `${i}.ipynb`), code('1', 1, output)),
    );
    const output = join(folder, 'compared');
    expect(report(...paths, '--output', output).status).toBe(0);
    const html = readFileSync(join(output, 'index.html'), 'utf8');
    expect(html.match(/<thead>.*<\/thead>/)![0].match(/<th[ >]/g)).toHaveLength(2);
    expect(html).toMatch(/href="1\.html">Title<\/a><\/th><td class="number">0\.75</);
    expect(html).toContain('<span>best of nine a&lt;b</span>');
    expect(html).toContain('<span>silhouette 0.1235</span>');
  });

  it('says when a report is too large, and writes it all the same', () => {
    const picture: Output = {
      output_type: 'display_data',
      data: { 'image/png': 'A'.repeat(8_000_000) },
      metadata: {},
    };
    const large = write(join(folder, 'in', 'large.ipynb'), code('1', 1, picture));
    const output = join(folder, 'large');
    const { status, err } = report(large, '--output', output);
    expect(status).toBe(1);
    expect(err).toMatch(/^large: 8\.\d MB large, more than 8 MB: /);
    expect(existsSync(join(output, 'large.html'))).toBe(true);
  });

  it('refuses two notebooks of one name', () => {
    const one = write(join(folder, 'one', 'same.ipynb'), code('1', 1));
    const other = write(join(folder, 'other', 'same.ipynb'), code('1', 1));
    const { status, err } = report(one, other, '--output', join(folder, 'same'));
    expect(status).toBe(1);
    expect(err).toContain('the names of notebooks must differ, got two of same.ipynb');
  });
});

/** Every kind of figure, live. */
const FIGURES = [
  `import * as lab from 'tripletlab';
   lab.enableFigures();`,
  `const series = { name: 'loss', x: [0, 1, 2], y: [3, 1, 2], smooth: 0.5 };
   const panel = { xLabel: 'step', yLabel: 'loss', series: [series] };
   lab.show(lab.curves({ title: 'Curves', ...panel }));
   lab.show(lab.curvePanels({ title: 'Panels', panels: [panel, panel] }));`,
  `const count = 30;
   const labels = Array.from({ length: count }, (_, i) => i % 3);
   const data = Float32Array.from({ length: 2 * count }, (_, k) => ((k * k) % 17) + 20 * labels[k >> 1]);
   const points = lab.matrix(data, [count, 2]);
   const classNames = ['a', 'b', 'c'];
   lab.show(lab.scatter({ title: 'Scatter', points, labels, classNames }));
   lab.show(lab.scatterPanels({ title: 'Two', panels: [{ title: 'x', points }, { title: 'y', points }], labels, classNames }));`,
  `lab.show(lab.heatmap({ title: 'Map', values: lab.matrix(Float32Array.of(1, 2, 3, 4), [2, 2]), rowNames: ['a', 'b'], columnNames: ['a', 'b'] }));`,
  `const images = Uint8Array.from({ length: 4 * count }, (_, i) => (i * 37) % 256);
   lab.show(lab.imageGrid({ title: 'Images', images, height: 2, width: 2 }));`,
  `const rows = [['b', 2], ['a', 1]];
   lab.show(lab.table({ title: 'Table', columns: [{ name: 'name' }, { name: 'value' }], rows, sortBy: (i, j) => rows[i][j] }));`,
  `lab.show(await lab.explorer({ title: 'Explorer', images, height: 2, width: 2, labels, classNames, embeddings: points, projections: { PCA: points } }));`,
];
const PLOTS = 5;

describe.skipIf(isMissing(chromiumBrowser))('a notebook with every figure', () => {
  let browser: Browser;
  let executed: string;

  beforeAll(async () => {
    const notebook = write(join(folder, 'figures.ipynb'), ...FIGURES.map((source) => code(source)));
    executed = join(folder, 'executed', 'figures.ipynb');
    const { status, message } = await executeNotebook(notebook, { output: executed });
    expect(status, message).toBe('ok');
    browser = await launchChromium();
  }, LONG);
  afterAll(() => browser?.close());

  /** Opens a file, and notes what it complains of and asks for. */
  async function open(path: string) {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.setDefaultTimeout(LONG);
    const url = String(pathToFileURL(path));
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const asked = request.url();
      if (asked !== url && !/^(data|blob|about):/.test(asked)) complaints.push(`asks for ${asked}`);
    });
    await page.goto(url);
    return { page, complaints };
  }

  /** Scrolls through a page until all of its figures are drawn; plots are drawn as they come by. */
  async function seeAll(page: Page, explorer: Locator): Promise<void> {
    for (let i = 0; i < PLOTS; i++) {
      const plot = page.locator('.plot, [id^="figure-"]').nth(i);
      await plot.scrollIntoViewIfNeeded();
      await plot.locator('.main-svg').first().waitFor();
    }
    expect(await page.locator('.js-plotly-plot').count()).toBe(PLOTS);
    expect(await page.locator('img[alt^="Images"], figure img').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'value' }).click();
    expect(await page.locator('table[data-sortable] tbody th').allTextContents()).toEqual([
      'a',
      'b',
    ]);
    await explorer.locator('input.search').fill('8');
    await explorer.locator('input.search').press('Enter');
    await explorer.locator('.panel').getByText('Image 8', { exact: true }).waitFor();
  }

  it(
    'shows all of them alive in its report, from a file, without a request or a complaint',
    async () => {
      const output = join(folder, 'reports');
      expect(report(executed, '--output', output)).toMatchObject({ status: 0, err: '' });
      const { page, complaints } = await open(join(output, 'figures.html'));
      await seeAll(page, page.frameLocator('iframe.frame').locator('[data-explorer]'));
      expect(await page.locator('iframe.frame').count()).toBe(1);
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByRole('button', { name: 'Show code' }).isVisible()).toBe(false);
      expect(complaints).toEqual([]);
      await page.close();
    },
    LONG,
  );

  const nbconvert = pythonModule('nbconvert', 'nbconvert');
  it.skipIf(isMissing(nbconvert))(
    'shows all of them in the HTML that nbconvert makes',
    async () => {
      const args = ['-m', 'nbconvert', '--to', 'html', '--output-dir', folder, executed];
      const { status, stderr } = spawnSync('/usr/bin/python3', args, { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      const { page, complaints } = await open(join(folder, 'figures.html'));
      await seeAll(page, page.locator('[data-explorer]'));
      // Its own template asks for MathJax and require.js, and complains where it cannot have them.
      expect(complaints.filter((text) => !/ERR_|require|MathJax/i.test(text))).toEqual([]);
      await page.close();
    },
    LONG,
  );

  const committed = readdirSync(projectPath('notebooks'))
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => projectPath('notebooks', name))
    .filter((path) => isExecuted(readNotebook(path)));

  it(
    'and all committed ones have reports of at most 8 MB that ask for nothing and complain of nothing',
    async () => {
      const output = join(folder, 'committed');
      expect(report(...committed, '--output', output)).toMatchObject({ status: 0, err: '' });
      const names = readdirSync(output);
      expect(names).toHaveLength(committed.length + 1);
      for (const name of names) {
        const { page, complaints } = await open(join(output, name));
        const sizes = await page
          .locator('img')
          .evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth));
        expect([name, complaints, sizes.filter((width) => width === 0)]).toEqual([name, [], []]);
        await page.close();
      }
    },
    LONG,
  );
});
