import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing, pythonModule } from '../../data/require-peer';
import { clusterOptions } from '../../explorer/clusters.test-support';
import { explorer } from '../../explorer/explorer';
import {
  browserPeer,
  explorerOn,
  launchBrowser,
  openPage,
} from '../../explorer/explorer-page.test-support';
import type { Figure } from '../../figure/figure';
import { fastPng } from '../../figure/packages';
import type { Notebook, Output } from '../notebook';
import { writeNotebook } from '../notebook-file';
import { figureBundle, type FigureMode } from '../show';
import { renderReport, thumbnailOf } from './report';

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-explorer-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

let figure: Figure;
beforeAll(async () => {
  figure = await explorer(clusterOptions(60));
});

function notebookOf(mode: FigureMode, ...more: Output[]): Notebook {
  const { data, metadata = {} } = figureBundle(figure, mode);
  const output: Output = { output_type: 'display_data', data, metadata };
  const outputs = [output, ...more];
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      { cell_type: 'markdown', metadata: {}, source: '# Explorer' },
      { cell_type: 'code', metadata: {}, source: 'show(it)', execution_count: 1, outputs },
    ],
  };
}

it('is HTML, picture and text where figures are live, and a picture where they are still', () => {
  expect(Object.keys(figureBundle(figure, 'live').data)).toEqual([
    'text/html',
    'image/png',
    'text/plain',
  ]);
  expect(Object.keys(figureBundle(figure, 'still').data)).toEqual(['image/png', 'text/plain']);
  const table: Output = {
    output_type: 'display_data',
    data: { 'text/html': '<table></table>', 'image/png': 'AAAA' },
    metadata: {},
  };
  expect(thumbnailOf(notebookOf('live', table))).toEqual(Buffer.from(figure.png()));
});

describe.skipIf(isMissing(browserPeer))('an explorer in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());

  it('works in a report, shut into its frame', async () => {
    const attack: Output = {
      output_type: 'display_data',
      data: { 'text/html': '<script>top.document.title = parent.taken = 1;</script>' },
      metadata: {},
    };
    const html = renderReport(notebookOf('live', attack));
    const report = await openPage(browser, join(folder, 'report.html'), html, {
      viewport: { width: 900, height: 1200 },
    });
    const { page } = report;
    const frame = page.locator('iframe').first();
    expect(await frame.getAttribute('sandbox')).toBe('allow-scripts');
    const on = explorerOn(page, figure, 0, frame.contentFrame());
    await on.canvas.waitFor();
    // As high as what is in it: nothing scrolls.
    await expect
      .poll(async () => {
        const content = await on.root.evaluate((root) => root.getBoundingClientRect().height);
        return Math.abs((await frame.boundingBox())!.height - content);
      })
      .toBeLessThan(2);
    await on.hover(8);
    expect(await on.tooltip.innerText()).toContain('#8\n');
    await on.click(8);
    expect(await on.panel.getByText('Image 8').isVisible()).toBe(true);
    await on.panel.getByRole('listitem').first().getByRole('button').click();
    expect(await on.panel.getByText('Image 8').count()).toBe(0);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect
      .poll(() => on.root.evaluate((root) => getComputedStyle(root).backgroundColor))
      .toBe('rgb(21, 24, 28)');
    expect(await page.title()).toBe('Explorer');
    expect(await page.evaluate(() => 'taken' in window)).toBe(false);
    // The attack, which is no explorer's script, is left out.
    expect(report.complaints).toEqual([]);
    expect(report.requests).toEqual([]);
    await page.close();
  });

  it('is a picture in a report that runs no scripts', async () => {
    const path = join(folder, 'still.html');
    const { page } = await openPage(browser, path, renderReport(notebookOf('live')), {
      javaScriptEnabled: false,
    });
    const frame = page.locator('iframe').first();
    expect((await frame.boundingBox())!.height).toBeGreaterThanOrEqual(figure.height);
    // Playwright looks into a frame by script. The picture is mostly ground, with points on it.
    const { data, width, height, channels } = fastPng.decode(await frame.screenshot());
    let drawn = 0;
    for (let k = 0; k < data.length; k += channels) {
      if (Math.min(data[k], data[k + 1], data[k + 2]) < 200) drawn++;
    }
    expect(drawn / (width * height)).toBeGreaterThan(0.005);
    expect(drawn / (width * height)).toBeLessThan(0.2);
    await page.close();
  });

  const nbconvert = pythonModule('nbconvert', 'nbconvert');
  it.skipIf(isMissing(nbconvert))('works in the HTML that nbconvert makes', async () => {
    const path = join(folder, 'notebook.ipynb');
    writeNotebook(path, notebookOf('live'));
    const { status, stderr } = spawnSync(
      '/usr/bin/python3',
      ['-m', 'nbconvert', '--to', 'html', path],
      { encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    const converted = join(folder, 'notebook.html');
    const html = readFileSync(converted, 'utf8');
    const { page, complaints } = await openPage(browser, converted, html);
    const on = explorerOn(page, figure);
    await on.canvas.waitFor();
    await on.canvas.scrollIntoViewIfNeeded();
    await on.click(8);
    expect(await on.panel.getByText('Image 8').isVisible()).toBe(true);
    // Its own template asks for MathJax and require.js, and complains where it cannot have them.
    expect(complaints.filter((text) => !/ERR_|require|MathJax/i.test(text))).toEqual([]);
    await page.close();
  });
});
