import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRequire } from 'node:module';
import { chromiumBrowser, launchChromium } from '../data/chromium.test-support';
import { isMissing } from '../data/require-peer';
import type { Figure } from './figure';
import { frameTable } from './frame-table';
import { table } from './table';

const hostile = '"><script>document.title = 1</script>';

/** Names, and numbers of which one is missing; as texts they would be in another order. */
const values = [
  ['ten', 10],
  ['nothing', null],
  ['minus', -2],
  [hostile, 9],
] as const;

const numbers = table({
  title: 'Numbers',
  columns: [{ name: 'name' }, { name: 'value', format: (value) => `${value} ± 1` }],
  rows: values,
  sortBy: (row, column) => values[row][column],
});

function scripted({ interactive }: Figure): string {
  if (!('scriptedHtml' in interactive)) throw new Error('not sortable');
  return interactive.scriptedHtml;
}

describe('frameTable', () => {
  const danfo = createRequire(__filename)('danfojs-node') as typeof import('danfojs-node');
  const frame = new danfo.DataFrame({ margin: [0.5, 1], loss: [0.123456, NaN], error: ['', 'no'] });

  it('shows a data frame, and sorts by its values', () => {
    const figure = frameTable(frame, { title: 'Frame', digits: 3 });
    expect(figure.alt).toBe('Frame: 2 rows of margin, loss, error.');
    const cells = [...scripted(figure).matchAll(/<t[dh] [^>]*?(?:data-key="(.*?)")?>(.*?)</g)];
    expect(cells.slice(3).map(([, key, text]) => [key, text])).toEqual([
      ['0.5', '0.500'],
      ['0.123456', '0.123'],
      [undefined, '–'],
      ['1', '1'],
      [undefined, '–'],
      ['no', 'no'],
    ]);
  });
});

describe.skipIf(isMissing(chromiumBrowser))(
  'a sortable table in Chromium',
  { timeout: 60_000 },
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    }, 300_000);
    afterAll(() => browser?.close());

    async function open(html: string, options: BrowserContextOptions = {}): Promise<Page> {
      const page = await browser.newPage(options);
      await page.setContent(`<title>Page</title>${html}`);
      return page;
    }

    const names = (page: Page, nth = 0): Promise<string[]> =>
      page.locator('table').nth(nth).locator('tbody th').allTextContents();

    const heads = (page: Page): Promise<(string | null)[]> =>
      page
        .locator('thead th')
        .evaluateAll((all) => all.map((head) => head.getAttribute('aria-sort')));

    const given = values.map(([name]) => name);

    it('is sorted upwards, downwards and as it was by clicks on a head', async () => {
      const page = await open(scripted(numbers));
      const button = page.getByRole('button', { name: 'value' });
      expect(await names(page)).toEqual(given);
      await button.click();
      expect(await names(page)).toEqual(['minus', hostile, 'ten', 'nothing']);
      expect(await heads(page)).toEqual([null, 'ascending']);
      await button.click();
      expect(await names(page)).toEqual(['ten', hostile, 'minus', 'nothing']);
      expect(await heads(page)).toEqual([null, 'descending']);
      await button.click();
      expect(await names(page)).toEqual(given);
      expect(await heads(page)).toEqual([null, null]);
      expect(await page.title()).toBe('Page');
      await page.close();
    });

    it('is sorted by the keyboard, one column at a time', async () => {
      const page = await open(scripted(numbers));
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await names(page)).toEqual([hostile, 'minus', 'nothing', 'ten']);
      expect(await heads(page)).toEqual(['ascending', null]);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      expect(await names(page)).toEqual(['minus', hostile, 'ten', 'nothing']);
      expect(await heads(page)).toEqual([null, 'ascending']);
      await page.close();
    });

    it('is sorted by itself, however many are on the page', async () => {
      const page = await open(scripted(numbers) + scripted(numbers));
      await page.getByRole('button', { name: 'value' }).nth(1).click();
      expect(await names(page, 0)).toEqual(given);
      expect(await names(page, 1)).toEqual(['minus', hostile, 'ten', 'nothing']);
      expect(await page.getByRole('button').count()).toBe(4);
      await page.close();
    });

    it('is a table where no scripts run', async () => {
      const page = await open(scripted(numbers), { javaScriptEnabled: false });
      expect(await names(page)).toEqual(given);
      expect(await page.getByRole('button').count()).toBe(0);
      await page.close();
    });
  },
);
