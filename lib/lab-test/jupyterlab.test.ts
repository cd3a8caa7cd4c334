import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '../data/project';
import { isMissing } from '../data/require-peer';
import { readNotebook, writeNotebook } from '../notebook/notebook-file';
import { requireBuild } from '../notebook/require-build';
import { readCheckpoint } from '../train/checkpoint';
import { chromiumBrowser, launchChromium } from '../data/chromium.test-support';
import {
  copyNotebook,
  jupyterLab,
  makeScratch,
  SCRATCH,
  startLab,
  type LabServer,
} from './jupyterlab.test-support';
import { DRAWN, followProgress, LabPage, stepsIn } from './lab-page.test-support';

requireBuild();

const NOTEBOOK = '01-mnist-margin-0.5.ipynb';
const TRAINING = 'const result = await run(';

/** Enough to be interrupted: ten seconds on one core. */
const STEPS = 300;

/** By this name the run folders of these tests are told from others. */
const RUN = 'lab-test';
/** Cells that are added to the notebook. */
const EXPLORER = `import { runExplorer } from 'tripletlab';
show(await runExplorer({ title: 'Explorer', run: result, dataset, projections: { UMAP: projection } }));`;
const PARAMETERS = { preset: 'smoke', seed: 1, overrides: { name: RUN, steps: STEPS } };

function runFolders(): string[] {
  const runs = projectPath('results', 'runs');
  const names = existsSync(runs) ? readdirSync(runs) : [];
  return names.filter((name) => name.startsWith(`${RUN}-`)).map((name) => join(runs, name));
}

function removeRuns(): void {
  for (const folder of runFolders()) rmSync(folder, { recursive: true });
}

/** A number for the reader of the test's output; the bars are those of an idle machine. */
function report(what: string, milliseconds: number, bar: number): void {
  console.log(`${what}: ${(milliseconds / 1000).toFixed(2)} s (bar: ${bar} s)`);
}

const isSkipped = [jupyterLab, chromiumBrowser].some(isMissing);

describe.skipIf(isSkipped)('in JupyterLab, a reader', () => {
  let server: LabServer;
  let browser: Browser;
  let notebook: string;
  let lab: LabPage;
  const complaints: string[] = [];

  beforeAll(async () => {
    removeRuns();
    makeScratch();
    notebook = copyNotebook(NOTEBOOK, 'notebook.ipynb', PARAMETERS, EXPLORER);
    server = await startLab(notebook);
    browser = await launchChromium();
    lab = await LabPage.open(browser, server.address(notebook));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(SCRATCH, { recursive: true, force: true });
    removeRuns();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || lab.page.isClosed()) return;
    const path = projectPath('results', 'lab-test-failure.png');
    await lab.page.screenshot({ path, timeout: 0 });
    console.log(`what was in view: ${path}\nwhat the console said: ${lab.complaints.join('\n')}`);
  });

  /** Leaves the notebook, and keeps what its page complained of. */
  async function leave(): Promise<void> {
    complaints.push(...lab.complaints);
    await lab.close();
  }

  const figures = (cell: Locator): Promise<number> => cell.locator('[id^="figure-"]').count();

  /** Waits for all plots of a cell; returns how many there are. */
  async function drawn(cell: Locator): Promise<number> {
    const count = await figures(cell);
    for (let i = 0; i < count; i++) await cell.locator(DRAWN).nth(i).waitFor();
    return count;
  }

  /** Selects an image in an explorer, and sees it in the panel. */
  async function exploreIn(explorer: Locator): Promise<void> {
    await explorer.locator('canvas.plot').waitFor();
    await explorer.locator('input.search').fill('8');
    await explorer.locator('input.search').press('Enter');
    await explorer.locator('.panel').getByText('Image 8', { exact: true }).waitFor();
  }

  const total = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0);

  it('completes a name, and reads the doc comment of a function inside its brackets', async () => {
    const first = await lab.find('enableFigures()');
    await first.locator('.cm-content').click();
    await lab.page.keyboard.press('Shift+Enter');
    await lab.state('idle');
    await lab.page.keyboard.press('Escape');
    await lab.page.keyboard.press('b');
    await lab.page.keyboard.press('Enter');
    await lab.page.keyboard.type('evaluateR');
    const editor = lab.page.locator('.jp-mod-selected .cm-content');
    // JupyterLab waits a second for an answer, which on a busy machine takes longer.
    const complete = async (): Promise<string | null> => {
      await lab.page.keyboard.press('Tab');
      await lab.page.waitForTimeout(2_000);
      return editor.textContent();
    };
    await expect.poll(complete, { timeout: 60_000 }).toBe('evaluateRun');
    await lab.page.keyboard.type('(');
    await lab.page.keyboard.press('Shift+Tab');
    const tooltip = lab.page.locator('.jp-Tooltip');
    await tooltip.waitFor();
    expect(await tooltip.textContent()).toMatch(/evaluateRun\(.*Evaluates a finished run/s);
    await lab.page.keyboard.press('Escape');
    await lab.page.keyboard.press('Escape');
    await lab.page.keyboard.press('d');
    await lab.page.keyboard.press('d');
  });

  it('runs all cells, sees progress move, and interrupts the training, which keeps its checkpoint', async () => {
    await lab.runAll();
    const progress = await followProgress(lab.page);
    const training = await lab.find(TRAINING);
    const steps = async (): Promise<number[]> => stepsIn(await progress(), STEPS);
    await expect
      .poll(async () => new Set(await steps()).size, { timeout: 600_000 })
      .toBeGreaterThan(2);
    const started = performance.now();
    await lab.interrupt();
    await lab.state('idle');
    report('from interrupt to idle', performance.now() - started, 2);

    const [folder] = runFolders();
    expect(existsSync(join(folder, 'checkpoint.bin'))).toBe(true);
    expect(existsSync(join(folder, 'summary.json'))).toBe(false);
    const outputs = training.locator('.jp-OutputArea');
    expect(await outputs.textContent()).toContain('its checkpoint is kept');
    expect(await outputs.locator('details').getAttribute('open')).toBe(null);
  });

  it('runs it again: it resumes, and all figures are drawn', async () => {
    const [folder] = runFolders();
    const { progress: kept } = readCheckpoint<{ step: number }>(join(folder, 'checkpoint.bin'));
    await lab.runAll();
    const progress = await followProgress(lab.page);
    await lab.find(TRAINING);
    await lab.state('idle');
    const [first] = stepsIn(await progress(), STEPS);
    expect(first).toBeGreaterThanOrEqual(kept.step);
    expect(existsSync(join(folder, 'summary.json'))).toBe(true);
    expect(total(await lab.read(drawn))).toBeGreaterThan(2);
  });

  it('goes to an image in the explorer, by typing its index', async () => {
    await exploreIn((await lab.find('runExplorer(')).locator('[data-explorer]'));
  });

  it('saves and reopens the notebook, and sees its plots again', async () => {
    await lab.save();
    const before = total(await lab.read(figures));
    await leave();
    lab = await LabPage.open(browser, server.address(notebook));
    expect(total(await lab.read(drawn))).toBe(before);
    await exploreIn((await lab.find('runExplorer(')).locator('[data-explorer]'));
  });

  it('exports it from the menu as HTML, and sees all figures there', async () => {
    const path = join(SCRATCH, 'exported.html');
    writeFileSync(path, await server.exported(notebook));
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    await page.goto(`file://${path}`);
    const count = await page.locator('[id^="figure-"]').count();
    expect(count).toBeGreaterThan(2);
    await expect.poll(() => page.locator(DRAWN).count(), { timeout: 60_000 }).toBeGreaterThan(0);
    for (let i = 0; i < count; i++) {
      await page.locator('[id^="figure-"]').nth(i).locator('.main-svg').first().waitFor();
    }
    await exploreIn(page.locator('[data-explorer]'));
    await page.close();
  });

  it('restarts the kernel, which counts from 1 and knows nothing', async () => {
    await lab.restart();
    await lab.state('idle');
    const training = await lab.find(TRAINING);
    await training.locator('.cm-content').click();
    await lab.page.keyboard.press('Shift+Enter');
    await expect
      .poll(() => training.locator('.jp-OutputArea').textContent(), { timeout: 600_000 })
      .toContain("Cannot find name 'run'");
    expect(await training.locator('.jp-InputPrompt').textContent()).toBe('[1]:');
    await leave();
  });

  it('opens it untrusted, and sees its stills', async () => {
    const other = join(SCRATCH, 'untrusted.ipynb');
    const saved = readNotebook(notebook);
    // Jupyter trusts what it has signed; this it has not.
    saved.cells.push({ cell_type: 'markdown', metadata: {}, source: 'From somebody else.' });
    writeNotebook(other, saved);
    lab = await LabPage.open(browser, server.address(other));
    const stills = await lab.read(async (cell) => {
      const pictures = cell.locator('.jp-OutputArea img');
      const widths = await pictures.evaluateAll((all) =>
        all.map((image) => (image as HTMLImageElement).naturalWidth),
      );
      expect(widths.filter((width) => width < 100)).toEqual([]);
      expect(await cell.locator(DRAWN).count()).toBe(0);
      return widths.length;
    });
    expect(total(stills)).toBeGreaterThan(2);
    await leave();
  });

  /** Runs a notebook whose run is finished, until it shows a figure. */
  async function runToFirstFigure(): Promise<void> {
    await lab.runAll();
    await lab.find('trainingCurves(');
    await lab.page.locator(DRAWN).first().waitFor();
  }

  it('opens a notebook whose run is finished, and sees its first figure soon', async () => {
    copyNotebook(NOTEBOOK, 'again.ipynb', PARAMETERS);
    lab = await LabPage.openFiles(browser, server.address());
    const started = performance.now();
    await lab.openNotebook('again.ipynb');
    await runToFirstFigure();
    report('from opening a notebook to its first figure', performance.now() - started, 10);
    await lab.state('idle');
    await leave();
  });

  it('does so from its address, in a browser that has not seen JupyterLab yet', async () => {
    const linked = copyNotebook(NOTEBOOK, 'linked.ipynb', PARAMETERS);
    const started = performance.now();
    lab = await LabPage.open(browser, server.address(linked));
    await runToFirstFigure();
    report('the same, and JupyterLab itself before it', performance.now() - started, 10);
    await lab.state('idle');
    await leave();
  });

  it('finds no complaint of ours on the console', () => {
    // What JupyterLab itself says comes from its own files and addresses.
    const ours = complaints.filter(
      (each) => !/\/(static|api|lsp|lab\/api|extensions)\//.test(each),
    );
    expect(ours).toEqual([]);
  });
});
