import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '../data/project';
import { isMissing, type Peer } from '../data/require-peer';
import { exportReport } from '../notebook/report/report';
import { requireBuild } from '../notebook/require-build';
import { chromiumBrowser, launchChromium } from '../data/chromium.test-support';
import {
  copyNotebook,
  jupyterLab,
  makeScratch,
  SCRATCH,
  startLab,
  type LabServer,
} from './jupyterlab.test-support';
import { DRAWN, LabPage } from './lab-page.test-support';

requireBuild();

/** Where the pictures of the README stand. */
const PICTURES = projectPath('results', 'pictures');

const LARGEST_BYTES = 300_000;

const NOTEBOOK = '01-mnist-margin-0.5.ipynb';
const PARAMETERS = { preset: 'quick', seed: 1, overrides: {} };

const pngquant: Peer = {
  name: 'pngquant',
  problem: () => spawnSync('pngquant', ['--version']).error?.message,
};

/** Takes a picture of what is in view, with a palette of its own. */
async function take(page: Page, name: string): Promise<void> {
  const path = join(PICTURES, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', timeout: 0 });
  const args = ['--force', '--strip', '--speed', '1', '--output', path, '128', path];
  const { status, stderr } = spawnSync('pngquant', args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(statSync(path).size).toBeLessThan(LARGEST_BYTES);
}

const isSkipped = [jupyterLab, chromiumBrowser, pngquant].some(isMissing);

/** npm run pictures: trains at preset quick, and takes minutes. */
describe.skipIf(isSkipped)('the pictures of the README', () => {
  let server: LabServer;
  let browser: Browser;
  let notebook: string;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    makeScratch();
    notebook = copyNotebook(NOTEBOOK, NOTEBOOK, PARAMETERS);
    server = await startLab(notebook);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(SCRATCH, { recursive: true, force: true });
  });

  it('show a notebook in JupyterLab with figures and a progress bar', async () => {
    const lab = await LabPage.open(browser, server.address(notebook));
    await lab.runAll();
    const curves = await lab.find('trainingCurves(');
    await curves.locator(DRAWN).first().waitFor();
    await take(lab.page, 'jupyterlab-curves');
    const search = await lab.find('evaluateRun(');
    await search.locator('progress').first().waitFor();
    await take(lab.page, 'jupyterlab-progress');
    const projection = await lab.find('projectionScatter(');
    await projection.locator(DRAWN).first().waitFor();
    await take(lab.page, 'jupyterlab-umap');
    await lab.state('idle');
    await lab.save();
    await lab.close();
  });

  it('show its report', async () => {
    const { path } = exportReport(notebook, join(SCRATCH, 'report.html'));
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`file://${path}`);
    await page.locator('.plot.drawn').first().waitFor();
    await take(page, 'report');
    await page.close();
  });
});
