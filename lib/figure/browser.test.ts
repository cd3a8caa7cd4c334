import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { isMissing } from '../data/require-peer';
import { curvePanels, curves } from './curves';
import type { Figure } from './figure';
import { heatmap } from './heatmap';
import { imageGrid } from './image-grid';
import { readPixels } from './pixels';
import { scatter } from './scatter';
import { scatterPanels } from './scatter-panels';
import { table } from './table';

const executablePath = process.env.TRIPLETLAB_CHROMIUM ?? '/usr/bin/chromium';
const chromiumPeer = {
  name: 'Chromium',
  problem: () => (existsSync(executablePath) ? undefined : `there is no ${executablePath}`),
};

const hostile = '<script>alert(1)</script><b>bold</b> &amp; $x$';
const line = { name: hostile, x: [0, 1, 2, 3], y: [1, NaN, 0.5, 0.2], smooth: 0.5 };
const panel = { xLabel: hostile, yLabel: hostile, series: [line, { ...line, name: 'validation' }] };
const square = matrix(Float32Array.of(0, 0, 10, 0, 0, 10, 10, 10), [4, 2]);
const squareNames = [hostile, 'b', 'c', 'd'];

const figures: Record<string, Figure> = {
  curves: curves({ title: hostile, ...panel, references: [{ y: 0.3, label: hostile }] }),
  'curves on a log scale': curves({ title: hostile, ...panel, yScale: 'log' }),
  'empty curves': curves({ title: hostile, xLabel: 'x', yLabel: 'y', series: [] }),
  'curves in rows': curvePanels({ title: hostile, panels: [panel, panel, panel], columns: 2 }),
  'curve panels': curvePanels({ title: hostile, panels: [panel, { ...panel, title: hostile }] }),
  scatter: scatter({
    title: hostile,
    caption: hostile,
    points: square,
    labels: [0, 1, 2, 3],
    classNames: squareNames,
    hover: squareNames,
  }),
  'scatter panels': scatterPanels({
    title: hostile,
    caption: hostile,
    panels: [
      { title: hostile, points: square, caption: hostile },
      { title: 'two', points: square, labels: [3, 2, 1, 1] },
    ],
    labels: [0, 1, 2, 3],
    classNames: squareNames,
  }),
  heatmap: heatmap({
    title: hostile,
    values: matrix(Float32Array.of(1, 2, 3, NaN), [2, 2]),
    rowNames: [hostile, 'b'],
    columnNames: [hostile, 'b'],
  }),
  'image grid': imageGrid({
    title: hostile,
    images: Uint8Array.of(0, 255, 255, 0),
    height: 2,
    width: 2,
    captions: [hostile],
  }),
  table: table({ title: hostile, columns: [{ name: hostile }], rows: [[hostile], [1.5]] }),
};

describe.skipIf(isMissing(chromiumPeer))('in Chromium', { timeout: 30_000 }, () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.setContent('<body style="margin:0"><div id="figure"></div></body>');
    await page.addScriptTag({
      path: require.resolve('plotly.js-cartesian-dist-min/plotly-cartesian.min.js'),
    });
  }, 60_000);

  afterAll(() => browser?.close());

  /** Shows a figure at the page's upper left corner and gives the text it displays. */
  async function show({ interactive, width, height }: Figure): Promise<string> {
    complaints.length = 0;
    return page.evaluate(
      async ([form, w, h]) => {
        const element = document.getElementById('figure')!;
        element.style.cssText = `width:${w}px;min-height:${h}px`;
        element.innerHTML = 'html' in form ? form.html : '';
        if ('plotly' in form) {
          const { Plotly } = window as unknown as {
            Plotly: { newPlot(e: Element, data: object[], layout: object): Promise<void> };
          };
          await Plotly.newPlot(element, form.plotly.data, form.plotly.layout);
        }
        return element.textContent ?? '';
      },
      [interactive, width, height] as const,
    );
  }

  it.each(Object.keys(figures))(
    'draws %s without a complaint, hostile text as text',
    async (name) => {
      const text = await show(figures[name]);
      // A narrow legend may cut the end of a name.
      expect(text.replaceAll('\u00a0', ' ')).toContain('<script>alert(1)</script>');
      expect(await page.locator('#figure script, #figure b').count()).toBe(0);
      expect(complaints).toEqual([]);
    },
  );

  it('puts the points of a scatter where the still has them', async () => {
    const figure = scatter({
      title: 'Corners',
      points: square,
      labels: [0, 1, 2, 3],
      // Names would cover the points.
      classNames: [' ', ' ', ' ', ' '],
    });
    await show(figure);
    const boxes = await page
      .locator('#figure .point')
      .evaluateAll((points) => points.map((point) => point.getBoundingClientRect().toJSON()));
    expect(boxes).toHaveLength(4);
    const pixels = readPixels(figure.png());
    for (const { x, y, width, height } of boxes) {
      const [middle, center] = [x + width / 2, y + height / 2];
      expect(pixels.at(middle, center)).not.toBe('#ffffff');
      for (const away of [-1, 1]) {
        expect(pixels.at(middle + away * (width / 2 + 2), center)).toBe('#ffffff');
        expect(pixels.at(middle, center + away * (height / 2 + 2))).toBe('#ffffff');
      }
    }
  });

  it.each([
    ['scatter', 4, 1],
    // The second of four classes has one point in the first panel, and two in the other.
    ['scatter panels', 8, 3],
  ])(
    'shows a class of a %s alone after a click in the legend, and all after another',
    async (name, all, own) => {
      await show(figures[name]);
      const [points, names] = ['#figure .point', '#figure .textpoint'].map((of) =>
        page.locator(of),
      );
      const item = page.locator('#figure .legendtoggle').nth(1);
      await item.click();
      await expect.poll(() => points.count(), { timeout: 10_000 }).toBe(own);
      expect(new Set(await names.allTextContents())).toEqual(new Set(['b']));
      await item.click();
      await expect.poll(() => points.count(), { timeout: 10_000 }).toBe(all);
    },
  );
});
