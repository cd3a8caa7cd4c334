import { existsSync, writeFileSync } from 'node:fs';
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type FrameLocator,
  type Locator,
  type Page,
} from 'playwright-core';
import type { Figure } from '../figure/figure';
import { decode, type ExplorerData } from './client/data';
import { HOME, toPlot, type Size, type View } from './client/view';
import type { Payload } from './payload';

const CHROMIUM = process.env.TRIPLETLAB_CHROMIUM ?? '/usr/bin/chromium';

export const browserPeer = {
  name: 'Chromium',
  problem: (): string | undefined => (existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is missing`),
};

export function launchBrowser(): Promise<Browser> {
  const quiet = ['background-networking', 'component-update', 'sync', 'quic', 'gpu'];
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', '--no-sandbox', '--no-first-run', ...quiet.map((x) => `--disable-${x}`)],
  });
}

/** The HTML of an explorer. */
export function htmlOf({ interactive }: Figure): string {
  if (!('scriptedHtml' in interactive)) throw new Error('not an explorer');
  return interactive.scriptedHtml;
}

/** What the script of an explorer is given. */
export function payloadOf(figure: Figure): Payload {
  const html = htmlOf(figure);
  const begin = html.lastIndexOf('", {') + 3;
  return JSON.parse(html.slice(begin, html.lastIndexOf(');'))) as Payload;
}

/** A page that was opened from a file, with what it complained about and asked for. */
export interface OpenPage {
  page: Page;
  complaints: string[];
  /** All but the file itself and what is part of it. */
  requests: string[];
}

/** Opens HTML from a file at `path`; with less motion, so that nothing is under way. */
export async function openPage(
  browser: Browser,
  path: string,
  html: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  writeFileSync(path, html);
  const page = await browser.newPage({
    viewport: { width: 1000, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (url !== `file://${path}` && !/^(data|blob|about):/.test(url)) requests.push(url);
  });
  await page.goto(`file://${path}`);
  return { page, complaints, requests };
}

/** A page that holds HTML as a notebook's output would stand in it. */
export function pageOf(...outputs: string[]): string {
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">';
  return `<!doctype html>${head}<body style="margin:0">${outputs.join('\n')}</body>`;
}

/** An explorer on a page, as one who uses it sees it. Points are named by index and placement. */
export interface ExplorerOnPage {
  data: ExplorerData;
  root: Locator;
  canvas: Locator;
  tooltip: Locator;
  panel: Locator;
  /** What was said last to those who cannot see it. */
  announced: Locator;
  /** The plot's box on the page, in CSS pixels. */
  size(): Promise<Size & { x: number; y: number }>;
  /** Where a point stands on the page. */
  place(i: number, placement?: number, view?: View): Promise<[number, number]>;
  /** A point that is well inside the plot and apart from the others. */
  visible(placement: number, view: View): Promise<number>;
  hover(i: number, placement?: number, view?: View): Promise<void>;
  click(i: number, placement?: number, view?: View): Promise<void>;
  /** How many pixels of the plot have a colour, up to rounding. */
  count(color: readonly number[]): Promise<number>;
}

/** The explorer number `nth` of a page, or of a frame in it. */
export function explorerOn(
  page: Page,
  figure: Figure,
  nth = 0,
  within: Page | FrameLocator = page,
): ExplorerOnPage {
  const data: ExplorerData = decode(payloadOf(figure));
  const root = within.locator('[data-explorer]').nth(nth);
  const canvas = root.locator('canvas.plot');

  async function size(): Promise<Size & { x: number; y: number }> {
    return (await canvas.boundingBox())!;
  }

  async function place(i: number, placement = 0, view: View = HOME): Promise<[number, number]> {
    const box = await size();
    const { points } = data.placements[placement];
    const [left, top] = toPlot(view, box, points[2 * i], points[2 * i + 1]);
    return [box.x + left, box.y + top];
  }

  return {
    data,
    root,
    canvas,
    size,
    place,
    tooltip: root.locator('.tooltip'),
    panel: root.locator('.panel'),
    announced: root.locator('.unseen'),
    async visible(placement: number, view: View): Promise<number> {
      const box = await size();
      const { points } = data.placements[placement];
      const places = Array.from({ length: data.count }, (_, i) =>
        toPlot(view, box, points[2 * i], points[2 * i + 1]),
      );
      const found = places.findIndex(
        ([x, y], i) =>
          x > 20 &&
          y > 20 &&
          x < box.width - 60 &&
          y < box.height - 20 &&
          places.every(([u, v], j) => i === j || Math.hypot(u - x, v - y) > 3),
      );
      if (found === -1) throw new Error('no point is visible');
      return found;
    },
    async hover(i: number, placement = 0, view: View = HOME): Promise<void> {
      await page.mouse.move(...(await place(i, placement, view)));
    },
    async click(i: number, placement = 0, view: View = HOME): Promise<void> {
      await page.mouse.click(...(await place(i, placement, view)));
    },
    async count(color: readonly number[]): Promise<number> {
      await nextFrame(page);
      return canvas.evaluate((element, [red, green, blue]) => {
        const plot = element as HTMLCanvasElement;
        const { data } = plot.getContext('2d')!.getImageData(0, 0, plot.width, plot.height);
        const near = (a: number, b: number): boolean => Math.abs(a - b) <= 2;
        let count = 0;
        for (let k = 0; k < data.length; k += 4) {
          if (near(data[k], red) && near(data[k + 1], green) && near(data[k + 2], blue)) count++;
        }
        return count;
      }, color);
    },
  };
}

/** Waits until what has changed is drawn. */
export async function nextFrame(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}
