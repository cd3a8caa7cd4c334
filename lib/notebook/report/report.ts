import { basename } from 'node:path';
import { writeAtomically } from '../../data/write-atomically';
import { escapeMarkup } from '../../figure/escape';
import { SORT_SCRIPT } from '../../figure/table-sort';
import type { Cell, MimeBundle, Notebook } from '../notebook';
import { readNotebook } from '../notebook-file';
import { plotlyBundle } from '../plotly-bundle';
import { highlightCode } from './highlight';
import { MarkdownRenderer, type Heading } from './markdown';
import { needsFrame, OutputRenderer, PLOTLY } from './outputs';
import { renderPage } from './page';
import { PAGE_SCRIPT } from './page-script';

export interface ReportOptions {
  /** Default: the notebook's first heading. */
  title?: string;
  /** How the results came about, shown at the foot: { commit: '1f32ca0', node: 'v20.20.2' }. */
  provenance?: Record<string, string>;
  /**
   * Which scripts in outputs run, each shut into a frame: 'own', those of this library's explorers, or
   * 'all', for a notebook whose code one has executed anyway. Default 'own'.
   */
  scripts?: 'own' | 'all';
}

/** What an index of reports needs to know of one. */
export interface Report {
  title: string;
  path: string;
  /** The size of its file. */
  bytes: number;
  /** The picture of its last plot, a PNG, where it has one. */
  thumbnail?: Uint8Array;
}

/**
 * Writes an executed notebook as one HTML file that is read offline, by itself.
 *
 * @throws Error when the notebook cannot be read
 */
export function exportReport(
  notebookPath: string,
  reportPath: string,
  options: ReportOptions = {},
): Report {
  const notebook = readNotebook(notebookPath);
  const title = options.title ?? firstHeading(notebook) ?? basename(notebookPath, '.ipynb');
  const html = renderReport(notebook, { ...options, title });
  writeAtomically(reportPath, html);
  const bytes = Buffer.byteLength(html);
  return { title, path: reportPath, bytes, thumbnail: thumbnailOf(notebook) };
}

/**
 * The HTML of an executed notebook: text, mathematics, folded code, and the outputs, with figures
 * alive. What comes from the notebook is not trusted: markup is sanitised, HTML with scripts is shut
 * into a frame, and unless `scripts` is 'all' no script runs there but that of an explorer.
 */
export function renderReport(notebook: Notebook, options: ReportOptions = {}): string {
  const markdown = new MarkdownRenderer();
  const outputs = new OutputRenderer(markdown, options.scripts);
  const cells = notebook.cells.map((cell) => renderCell(cell, markdown, outputs)).join('\n');
  const title = options.title ?? firstHeading(notebook) ?? 'Report';
  const hasTitle = markdown.headings.some(({ depth }) => depth === 1);
  const body = `<div class="layout">
<header class="tools"><button id="toggle-code" aria-pressed="false" hidden>Show code</button></header>
${renderContents(markdown.headings)}
<main>
${hasTitle ? '' : `<h1>${escapeMarkup(title)}</h1>\n`}${cells}
</main>
${renderProvenance(options.provenance ?? {})}
</div>`;
  const scripts = [...(outputs.hasPlots ? [plotlyBundle()] : []), SORT_SCRIPT, PAGE_SCRIPT];
  return renderPage({ title, body, scripts, frameScripts: outputs.frameScripts });
}

function renderCell(cell: Cell, markdown: MarkdownRenderer, outputs: OutputRenderer): string {
  if (cell.cell_type !== 'code') {
    const isText = cell.cell_type === 'markdown';
    return isText ? `<section>${markdown.render(cell.source, cell.attachments)}</section>` : '';
  }
  const rendered = cell.outputs.map((output) => outputs.render(output)).join('');
  return `<section>${renderCode(cell.source)}${rendered}</section>`;
}

function renderCode(source: string): string {
  if (source.trim() === '') {
    return '';
  }
  const code = highlightCode(source.trimEnd(), 'typescript');
  const count = source.trimEnd().split('\n').length;
  const size = count === 1 ? '1 line' : `${count} lines`;
  return `<details class="code"><summary>Code, ${size}</summary><pre><code>${code}</code></pre></details>\n`;
}

function renderContents(headings: Heading[]): string {
  const entries = headings
    .filter(({ depth }) => depth === 2 || depth === 3)
    .map(
      ({ depth, text, id }) =>
        `<li class="depth-${depth}"><a href="#${id}">${escapeMarkup(text)}</a></li>`,
    );
  return entries.length < 2
    ? ''
    : `<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary>
<ol>${entries.join('\n')}</ol></details></nav>`;
}

function renderProvenance(provenance: Record<string, string>): string {
  const rows = Object.entries(provenance).map(
    ([name, value]) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd>`,
  );
  return rows.length === 0 ? '' : `<footer><dl>${rows.join('\n')}</dl></footer>`;
}

function firstHeading(notebook: Notebook): string | undefined {
  const markdown = new MarkdownRenderer();
  for (const cell of notebook.cells) {
    if (cell.cell_type === 'markdown') {
      markdown.render(cell.source);
    }
  }
  return markdown.headings[0]?.text;
}

/** The picture of the last plot or explorer, which a notebook comes to; else the first picture. */
export function thumbnailOf(notebook: Notebook): Uint8Array | undefined {
  const outputs = notebook.cells.flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []));
  const bundles = outputs.flatMap((output) => ('data' in output ? [output.data] : []));
  const pictures = bundles.filter((data) => typeof data['image/png'] === 'string');
  const isPlot = (data: MimeBundle): boolean =>
    PLOTLY in data || !('text/html' in data) || needsFrame(String(data['text/html']));
  const chosen = pictures.findLast(isPlot) ?? pictures[0];
  return chosen && Buffer.from(String(chosen['image/png']), 'base64');
}
