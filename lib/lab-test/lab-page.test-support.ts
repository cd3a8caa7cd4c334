import type { Browser, Locator, Page } from 'playwright-core';

/** Milliseconds that anything may take on a busy machine. */
const PATIENCE = 1_800_000;

/** A plot that plotly has drawn. */
export const DRAWN = '.js-plotly-plot .main-svg';

/** One notebook, open in JupyterLab, as a reader works with it. */
export class LabPage {
  /** What the page complained of on its console. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => this.complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.complaints.push(`${message.text()} (${message.location().url})`);
      }
    });
  }

  /** Opens the notebook at an address and waits until its kernel is ready. */
  static async open(browser: Browser, address: string): Promise<LabPage> {
    const lab = await LabPage.visit(browser, address);
    await lab.ready();
    return lab;
  }

  /** Opens JupyterLab itself and waits until it shows its files. */
  static async openFiles(browser: Browser, address: string): Promise<LabPage> {
    const lab = await LabPage.visit(browser, address);
    await lab.page.locator('.jp-LauncherCard').first().waitFor();
    await lab.page.locator('.jp-DirListing-item').first().waitFor();
    return lab;
  }

  private static async visit(browser: Browser, address: string): Promise<LabPage> {
    const lab = new LabPage(await browser.newPage({ viewport: { width: 1280, height: 900 } }));
    await lab.page.goto(address, { waitUntil: 'commit', timeout: PATIENCE });
    return lab;
  }

  /** Opens a notebook from the list of files and waits until its kernel is ready. */
  async openNotebook(name: string): Promise<void> {
    await this.page.locator('.jp-DirListing-item', { hasText: name }).dblclick();
    await this.ready();
  }

  private async ready(): Promise<void> {
    await this.cells().first().waitFor();
    await this.page.locator('.jp-Toolbar-kernelName:has-text("tslab")').first().waitFor();
    await this.state('idle');
  }

  /** The cells in view: JupyterLab keeps the others out of the page. */
  cells(): Locator {
    return this.page.locator('.jp-NotebookPanel .jp-Cell');
  }

  /** Waits until the kernel is 'idle' or 'busy', as the notebook's toolbar shows it. */
  async state(state: 'idle' | 'busy'): Promise<void> {
    await this.page.waitForSelector(`.jp-Notebook-ExecutionIndicator[data-status="${state}"]`);
  }

  /** Chooses from the menu bar. */
  async menu(name: string, item: RegExp): Promise<void> {
    await this.page.locator(`.lm-MenuBar-itemLabel:text-is("${name}")`).click();
    await this.page.locator('.lm-Menu-itemLabel', { hasText: item }).first().click();
  }

  /** Runs all cells, from the menu. */
  async runAll(): Promise<void> {
    await this.menu('Run', /^Run All Cells$/);
    await this.state('busy');
  }

  /** Presses the stop button, whose title ends with its shortcut. */
  async interrupt(): Promise<void> {
    await this.page.locator('.jp-NotebookPanel [title^="Interrupt the kernel"]').first().click();
  }

  /** Restarts the kernel, from the menu. */
  async restart(): Promise<void> {
    await this.menu('Kernel', /^Restart Kernel…$/);
    await this.page.locator('.jp-Dialog .jp-mod-accept').click();
    await this.page.locator('.jp-Dialog').waitFor({ state: 'detached' });
  }

  /** Saves the notebook, by the keyboard, and waits until the file is written. */
  async save(): Promise<void> {
    const saved = this.page.waitForResponse(
      (response) => response.request().method() === 'PUT' && response.url().includes('/contents/'),
    );
    await this.page.keyboard.press('Control+s');
    await saved;
  }

  /** Scrolls to the first code cell with this text in its source, and returns it. */
  async find(source: string): Promise<Locator> {
    let found: Locator | undefined;
    await this.scrollThrough(async (cell) => {
      const code = await cell.locator('.jp-InputArea').first().textContent();
      if (code?.includes(source)) found = cell;
      return found === undefined;
    });
    if (!found) throw new Error(`no cell holds ${source}`);
    await found.scrollIntoViewIfNeeded();
    return found;
  }

  /** Looks at each cell from first to last, while it is in view. */
  async read<T>(look: (cell: Locator) => Promise<T>): Promise<T[]> {
    const seen: T[] = [];
    await this.scrollThrough(async (cell) => {
      await cell.scrollIntoViewIfNeeded();
      seen.push(await look(cell));
      return true;
    });
    return seen;
  }

  /** Takes each cell once, in order, as it comes into view, until `take` returns false. */
  private async scrollThrough(take: (cell: Locator) => Promise<boolean>): Promise<void> {
    const scroller = this.page.locator('.jp-NotebookPanel .jp-WindowedPanel-outer').first();
    await scroller.evaluate((element) => element.scrollTo(0, 0));
    const taken = new Set<string>();
    for (let isEnd = false; ; ) {
      await this.page.waitForTimeout(300);
      const indices = await this.cells().evaluateAll((all) =>
        all.map((cell) => cell.getAttribute('data-windowed-list-index') ?? ''),
      );
      for (const index of indices.filter((each) => !taken.has(each))) {
        taken.add(index);
        const cell = this.page.locator(`.jp-Cell[data-windowed-list-index="${index}"]`);
        if (!(await take(cell))) return;
      }
      if (isEnd) return;
      isEnd = await scroller.evaluate((element) => {
        element.scrollBy(0, 0.6 * element.clientHeight);
        return element.scrollTop + element.clientHeight >= element.scrollHeight - 2;
      });
    }
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

/** Notes from now on what the progress bars of a page say, oldest first. */
export async function followProgress(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    new MutationObserver(() => {
      document.querySelectorAll('.jp-OutputArea progress').forEach((bar) => {
        const text = bar.parentElement?.textContent ?? '';
        if (heard.at(-1) !== text) heard.push(text);
      });
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
}

/** The numbers of steps in what progress bars said. */
export function stepsIn(texts: string[], total: number): number[] {
  const pattern = new RegExp(`(\\d+) of ${total} steps`);
  return texts.flatMap((text) => pattern.exec(text)?.slice(1, 2).map(Number) ?? []);
}
