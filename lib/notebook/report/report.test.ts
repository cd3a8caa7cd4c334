import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../../data/require-peer';
import type { Cell, Notebook, Output } from '../notebook';
import { formatNotebook, writeNotebook } from '../notebook-file';
import { figureBundle } from '../show';
import { exportReport, renderReport, type ReportOptions } from './report';

const CHROMIUM = process.env.TRIPLETLAB_CHROMIUM ?? '/usr/bin/chromium';

/** One white pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAFzM8AgAAAABJRU5ErkJggg==',
  'base64',
);

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

function markdown(source: string): Cell {
  return { cell_type: 'markdown', metadata: {}, source };
}

function code(source: string, ...outputs: Output[]): Cell {
  return { cell_type: 'code', metadata: {}, source, execution_count: 1, outputs };
}

function html(content: string): Output {
  return { output_type: 'display_data', data: { 'text/html': content }, metadata: {} };
}

function plot(name: string): Output {
  const plotly = {
    data: [{ x: [0, 1], y: [1, 3], name, text: [name, name] }],
    layout: { height: 300 },
  };
  const size = { alt: `Plot of ${name}`, width: 600, height: 300, png: () => PNG };
  const { data, metadata = {} } = figureBundle({ ...size, interactive: { plotly } }, 'live');
  return { output_type: 'display_data', data, metadata };
}

function notebookOf(...cells: Cell[]): Notebook {
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

const article = notebookOf(
  markdown('# Margins & more\n\nThe margin $m$ is\n\n$$m > 0.$$'),
  code('const x: number = 1;\nconsole.log(x);', {
    output_type: 'stream',
    name: 'stdout',
    text: '1\n',
  }),
  markdown('## Curves'),
  code('show(a)', plot('loss')),
  markdown('## More'),
  code('show(b)', plot('fraction'), html('<table><tr><td>cell</td></tr></table>')),
  code('explore()', html('<canvas id="c"></canvas><script>document.title = "ran";</script>')),
);

describe('renderReport', () => {
  const page = renderReport(article, { provenance: { commit: '1f32ca0 <x>' } });

  it('is one page with title, contents, code and provenance', () => {
    const parts = [
      '<html lang="en">',
      '<title>Margins &amp; more</title>',
      '<a href="#section-2">Curves</a>',
      '<summary>Code, 2 lines</summary>',
      '<dt>commit</dt><dd>1f32ca0 &lt;x&gt;</dd>',
    ];
    // Not toContain: a failure would print the page, a million characters of it.
    expect(parts.filter((part) => !page.includes(part))).toEqual([]);
  });

  it('brings plotly once, and only for plots', () => {
    const bundles = (text: string): number => text.split('* plotly.js (cartesian').length - 1;
    expect(bundles(page)).toBe(1);
    expect(bundles(renderReport(notebookOf(markdown('# No plots'))))).toBe(0);
  });

  it('is named by its file where it has no heading', () => {
    const path = join(folder, 'untitled.ipynb');
    writeNotebook(path, notebookOf(code('1', plot('x'))));
    const report = exportReport(path, join(folder, 'untitled.html'));
    expect(report.title).toBe('untitled');
    expect(report.thumbnail).toEqual(PNG);
    expect(readFileSync(report.path, 'utf8').includes('<h1>untitled</h1>')).toBe(true);
  });

  it('says which notebook cannot be read', () => {
    const path = join(folder, 'broken.ipynb');
    writeFileSync(path, formatNotebook(article).slice(1));
    expect(() => exportReport(path, join(folder, 'x.html'))).toThrow(/broken\.ipynb: not JSON/);
  });
});

const browserPeer = {
  name: 'Chromium',
  problem: () => (existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is missing`),
};

describe.skipIf(isMissing(browserPeer))('a report in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    const quiet = ['background-networking', 'component-update', 'sync', 'quic', 'gpu'];
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--headless', '--no-sandbox', '--no-first-run', ...quiet.map((x) => `--disable-${x}`)],
    });
  }, 60_000);
  afterAll(() => browser.close());

  /** Opens a report from its file, and notes what it complains about and asks for. */
  async function open(notebook: Notebook, options?: ReportOptions) {
    const path = join(folder, 'report.html');
    writeFileSync(path, renderReport(notebook, options));
    const page = await browser.newPage({ viewport: { width: 1200, height: 4000 } });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`file://${path}`);
    return { page, path, complaints, requests };
  }

  /** Network requests; pictures inside the page come as data: and blob:. */
  function beyond(requests: string[], path: string): string[] {
    return requests.filter((url) => url !== `file://${path}` && !/^(data|blob):/.test(url));
  }

  async function plotsDrawn(page: Page, count: number): Promise<void> {
    await page.waitForFunction(
      (wanted) =>
        document.querySelectorAll('.plot.drawn .main-svg .scatterlayer .trace').length === wanted,
      count,
    );
  }

  it('draws its plots, shows its text, asks for nothing and complains about nothing', async () => {
    const { page, path, complaints, requests } = await open(article, { scripts: 'all' });
    await plotsDrawn(page, 2);
    expect(await page.locator('math').count()).toBe(2);
    expect(await page.locator('.html td').textContent()).toBe('cell');
    const inside = page.frames()[1];
    expect(await inside.evaluate(() => document.title)).toBe('ran');
    expect(complaints).toEqual([]);
    expect(beyond(requests, path)).toEqual([]);
  });

  it('folds and unfolds the code', async () => {
    const { page } = await open(article);
    const listing = page.locator('details.code pre').first();
    expect(await listing.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Show code' }).click();
    expect(await listing.isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Hide code' }).click();
    expect(await listing.isVisible()).toBe(false);
  });

  it('fits a narrow window', async () => {
    const { page } = await open(article);
    await page.setViewportSize({ width: 380, height: 4000 });
    await plotsDrawn(page, 2);
    const [content, window] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      innerWidth,
    ]);
    expect(content).toBeLessThanOrEqual(window);
  });

  it('shows pictures where scripts do not run', async () => {
    const path = join(folder, 'still.html');
    writeFileSync(path, renderReport(article));
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(`file://${path}`);
    expect(await page.locator('.plot img').first().isVisible()).toBe(true);
  });

  it.each(['own', 'all'] as const)(
    'gives a hostile notebook no way out (scripts: %s)',
    async (scripts) => {
      const attack =
        "window.pwned = 1; top.document.title = 'taken'; parent.pwned = top.pwned = 1;";
      const visits: string[] = [];
      const server = createServer((request, response) => {
        visits.push(request.url ?? '');
        response.end();
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const remote = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
      const hostile = notebookOf(
        markdown(`# Safe\n\n<script>${attack}</script><img src=x onerror="${attack}">`),
        markdown(`[link](javascript:${attack}) ![](${remote}.png) <a href="${remote}">plain</a>`),
        code(
          '</code></pre><script>window.pwned = 1</script>',
          { output_type: 'stream', name: 'stdout', text: `<script>${attack}</script>` },
          {
            output_type: 'error',
            ename: '<script>',
            evalue: `<img src=x onerror="${attack}">`,
            traceback: [],
          },
          html(`<img src=x onerror="${attack}"><b onmouseover="${attack}">x</b>`),
          html(`<script>${attack}</script><img src="${remote}.png">`),
          html(`<script>fetch('${remote}'); location = '${remote}'; open('${remote}');</script>`),
          html(`<script src="${remote}.js"></script><iframe src="${remote}"></iframe>`),
          html(`<script>1</script>"></iframe><script>${attack}</script>`),
          html(
            `<form action="${remote}" id="f"><input></form><script>f.submit(); alert(1)</script>`,
          ),
          html('<script>parent.postMessage({ frameHeight: 1e9 }, "*")</script>'),
          plot('</script><script>window.pwned = 1</script>'),
          plot('<a href="javascript:window.pwned=1">x</a><img src=x onerror="window.pwned=1">'),
          {
            output_type: 'display_data',
            data: {
              'application/vnd.plotly.v1+json': {
                data: [],
                layout: { images: [{ source: `${remote}.png`, sizex: 1, sizey: 1 }] },
              },
            },
            metadata: {},
          },
        ),
      );
      const { page, path, complaints } = await open(hostile, { scripts });
      await plotsDrawn(page, 2);
      await page.waitForTimeout(500);
      server.close();
      expect(visits).toEqual([]);
      expect(await page.title()).toBe('Safe');
      // Unless all scripts are wanted, a frame runs none but the one that tells its height.
      const ran = await Promise.all(
        page.frames().map((frame) => frame.evaluate(() => 'pwned' in window).catch(() => false)),
      );
      expect(ran.some(Boolean)).toBe(scripts === 'all');
      expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
      expect(page.url()).toBe(`file://${path}`);
      expect(page.context().pages()).toHaveLength(1);
      expect(complaints.filter((complaint) => complaint.startsWith('dialog'))).toEqual([]);
      const heights = await page
        .locator('iframe')
        .evaluateAll((all) => all.map((one) => one.clientHeight));
      expect(Math.max(...heights)).toBeLessThanOrEqual(4000);
    },
  );
});
