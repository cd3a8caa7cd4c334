import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matrix } from '../../data/matrix';
import { isMissing } from '../../data/require-peer';
import { configuration, type Configuration } from '../../experiment/configuration';
import type { MetricsLine } from '../../experiment/run-folder';
import type { Run } from '../../experiment/run';
import { clusterOptions } from '../../explorer/clusters.test-support';
import { explorer } from '../../explorer/explorer';
import {
  browserPeer,
  launchBrowser,
  openPage,
  pageOf,
} from '../../explorer/explorer-page.test-support';
import { comparisonTable } from '../../figure/comparison-table';
import { confusionFigure, scoresTable } from '../../figure/confusion-figure';
import { effectCurves } from '../../figure/effect-curves';
import type { Figure } from '../../figure/figure';
import { findingsTable } from '../../figure/findings-table';
import { runCurves } from '../../figure/run-curves';
import { runsTable } from '../../figure/runs-table';
import { scatter } from '../../figure/scatter';
import { classScores } from '../../evaluate/confusion';
import { HOSTILE } from '../../fuzz/mutations.test-support';
import { conclusionOf } from '../conclude';
import type { Notebook, Output } from '../notebook';
import { plotlyBundle } from '../plotly-bundle';
import { figureBundle } from '../show';
import { renderReport } from './report';

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Names that would run if they were taken for anything but text. */
const NAMES = [...new Set(HOSTILE)].filter((name) => name.length > 0 && name.length < 200);
const MARKUP = NAMES.slice(0, 3);

/** A run all of whose texts are hostile. */
function hostileRun(settings: Partial<Configuration>, name: string): Run {
  const figures = Object.fromEntries(NAMES.map((figure, i) => [figure, i / 10]));
  const config = configuration(settings);
  const line = (step: number, split: MetricsLine['split']): MetricsLine => {
    return { step, split, values: figures };
  };
  return {
    id: name,
    directory: `/runs/${name}`,
    config,
    environment: { data: name, cpu: name, engineReason: name } as Run['environment'],
    status: settings.seed === 9 ? 'failed' : 'finished',
    error: name,
    summary: {
      ...{ steps: 20, seconds: 1, peakMegabytes: 1 },
      ...{ validation: figures, test: figures, train: figures, lastBatch: figures },
    },
    metrics: [10, 20].flatMap((step) => [line(step, 'train'), line(step, 'validation')]),
    embeddings: () => expect.unreachable(),
    snapshots: () => expect.unreachable(),
  };
}

async function figuresOf(): Promise<Figure[]> {
  const [tag, ending, quoted] = MARKUP;
  const runs = [0.5, 1].flatMap((margin) =>
    [1, 2, 9].map((seed) => hostileRun({ margin, seed }, MARKUP[seed % 3])),
  );
  const metrics = Object.fromEntries(
    MARKUP.map((name) => [name, ({ summary }: Run) => summary.validation[name]]),
  );
  const points = clusterOptions(2 * NAMES.length, NAMES);
  const counts = Float32Array.from({ length: NAMES.length ** 2 }, (_, k) => k % 7);
  const confusion = matrix(counts, [NAMES.length, NAMES.length]);
  const finding = {
    kind: 'failed',
    severity: 'problem',
    seen: tag,
    why: ending,
    tryNext: quoted,
  } as const;
  return [
    comparisonTable(runs, { title: tag, metrics, caption: ending }),
    effectCurves(runs, { title: ending, factor: 'margin', metrics, caption: tag }),
    runCurves(
      { [tag]: runs[0], [quoted]: runs[1] },
      { title: quoted, metric: ending, caption: tag },
    ),
    runsTable(quoted, runs, { [tag]: ({ id }) => id, [ending]: ({ error }) => error }),
    findingsTable(tag, [finding]),
    confusionFigure(ending, confusion, NAMES),
    scoresTable(quoted, classScores(confusion), NAMES),
    scatter({
      title: tag,
      caption: ending,
      points: points.projections.UMAP,
      labels: Uint8Array.from(points.labels as Uint8Array),
      classNames: NAMES,
    }),
    await explorer({
      ...points,
      title: tag,
      caption: ending,
      projections: { [quoted]: points.projections.UMAP },
    }),
  ];
}

function notebookOf(outputs: Output[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { title: MARKUP[0], kernelspec: { name: MARKUP[1], display_name: MARKUP[0] } },
    cells: [
      { cell_type: 'markdown', metadata: { tags: MARKUP }, source: '# Safe' },
      {
        cell_type: 'code',
        metadata: { name: MARKUP[0] },
        source: MARKUP[1],
        execution_count: 1,
        outputs,
      },
    ],
  };
}

describe.skipIf(isMissing(browserPeer))('a run full of hostile names', { timeout: 180_000 }, () => {
  let browser: Browser;
  let outputs: Output[];
  beforeAll(async () => {
    browser = await launchBrowser();
    outputs = (await figuresOf()).map((figure): Output => {
      const { data, metadata = {} } = figureBundle(figure, 'live');
      return { output_type: 'display_data', data, metadata };
    });
  }, 180_000);
  afterAll(() => browser.close());

  async function expectHarmless(name: string, html: string): Promise<void> {
    const { page, complaints, requests } = await openPage(browser, join(folder, name), html, {
      viewport: { width: 1000, height: 9000 },
    });
    await page.waitForFunction(() => document.querySelectorAll('.main-svg').length > 0);
    await page.locator('canvas, iframe').first().waitFor();
    for (const frame of page.frames()) {
      expect(await frame.evaluate(() => 'pwned' in window)).toBe(false);
      expect(await frame.locator('img[src="x"], [onerror], [onload]').count()).toBe(0);
      expect(await frame.locator('a[href^="javascript"]').count()).toBe(0);
    }
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    await page.close();
  }

  it('runs nothing in a report', async () => {
    await expectHarmless(
      'report.html',
      renderReport(notebookOf(outputs), {
        title: MARKUP[0],
        provenance: { [MARKUP[0]]: MARKUP[1] },
      }),
    );
  });

  it('runs nothing in a notebook that is trusted, where the HTML of figures stands as it is', async () => {
    const html = outputs.map((output) =>
      'data' in output ? String(output.data['text/html'] ?? '') : '',
    );
    await expectHarmless('trusted.html', pageOf(`<script>${plotlyBundle()}</script>`, ...html));
  });
});

describe('a conclusion from elsewhere', () => {
  const concluding = (conclusion: unknown): Notebook =>
    notebookOf([
      { output_type: 'display_data', data: {}, metadata: { tripletlab: { conclusion } } },
    ]);
  const plain = { results: [{ name: 'loss', value: 1 }], provenance: [], runs: ['mnist-0a1b'] };

  it('is read as it was written', () => {
    expect(conclusionOf(concluding(plain))).toEqual(plain);
  });

  it.each([
    { ...plain, runs: ['../../outside'] },
    { ...plain, runs: ['/etc'] },
    { ...plain, runs: ['..'] },
    { ...plain, runs: 'mnist' },
    { ...plain, provenance: { run: 'x' } },
    { ...plain, results: [{ name: 'loss', value: { toString: 'x' } }] },
    'text',
  ])('is none where it is anything else: %j', (conclusion) => {
    expect(conclusionOf(concluding(conclusion))).toBeUndefined();
  });
});
