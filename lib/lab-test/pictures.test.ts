import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '../data/project';
import { isMissing, type Peer } from '../data/require-peer';
import { readNotebook } from '../notebook/notebook-file';
import { provenanceOf } from '../notebook/report/provenance';
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

const LARGEST_BYTES = 200_000;

const NOTEBOOK = '06-batch-all.ipynb';

/** Of a run that is published with its weights, so that nothing is trained. */
const PARAMETERS = {
  preset: 'paper',
  seed: 1,
  overrides: {
    name: 'fashion-batch-all-seed-1',
    steps: 30_000,
    logEvery: 250,
    evaluateEvery: 2_500,
  },
};

const pngquant: Peer = {
  name: 'pngquant',
  problem: () => spawnSync('pngquant', ['--version']).error?.message,
};

/** Takes a picture of a page or of a part of it, with a palette of its own. */
async function take(view: Page | Locator, name: string): Promise<void> {
  const path = join(PICTURES, `${name}.png`);
  await view.screenshot({ path, animations: 'disabled', timeout: 0 });
  const args = ['--force', '--strip', '--speed', '1', '--output', path, '128', path];
  const { status, stderr } = spawnSync('pngquant', args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(statSync(path).size).toBeLessThan(LARGEST_BYTES);
}

const isSkipped = [jupyterLab, chromiumBrowser, pngquant].some(isMissing);

/** npm run pictures: projects 10,000 images twice, which takes minutes. */
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

  it('show a notebook in JupyterLab, and its explorer', async () => {
    const lab = await LabPage.open(browser, server.address(notebook));
    await lab.runAll();
    await (await lab.find('trainingCurves(')).locator(DRAWN).first().waitFor();
    await take(lab.page, 'jupyterlab');
    const explorer = (await lab.find('runExplorer(')).locator('[data-explorer]');
    await explorer.locator('canvas.plot').waitFor();
    await explorer.locator('input.search').fill('2');
    await explorer.locator('input.search').press('Enter');
    await explorer.locator('.panel').getByText('Image 2', { exact: true }).waitFor();
    await take(explorer, 'explorer');
    await lab.state('idle');
    await lab.save();
    await lab.close();
  });

  it('show its report', async () => {
    const provenance = provenanceOf(readNotebook(notebook));
    const { path } = exportReport(notebook, join(SCRATCH, 'report.html'), { provenance });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`file://${path}`);
    const heading = page.getByRole('heading', { name: 'Training', exact: true });
    await heading.evaluate((element) => element.scrollIntoView());
    // A plot is drawn when it comes into view.
    await page.locator('.plot.drawn').first().waitFor();
    await take(page, 'report');
    await page.close();
  });
});
