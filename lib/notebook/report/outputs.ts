import { stripVTControlCharacters } from 'node:util';
import { isExplorerScript } from '../../explorer/explorer-html';
import { escapeMarkup } from '../../figure/escape';
import type { MimeBundle, Output } from '../notebook';
import { scriptJson } from '../../figure/script-text';
import { SORT_ELEMENT } from '../../figure/table-sort';
import type { MarkdownRenderer } from './markdown';
import { renderTex } from './mathematics';
import { renderFrame, scriptsOf } from './frame';
import { sanitize } from './sanitize';

/** Plotly's MIME type for a figure as JSON. */
export const PLOTLY = 'application/vnd.plotly.v1+json';

/** Pictures, in order of preference. */
const IMAGES = ['image/svg+xml', 'image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** A page may hold HTML with these only inside a frame of its own. */
const NEEDS_FRAME = /<(?:script|style|canvas|iframe|svg|link|form|input|select|button)\b/i;

/** Whether HTML does more than a page takes from a notebook: it draws something, or answers. */
export function needsFrame(html: string): boolean {
  return NEEDS_FRAME.test(withoutSorting(html));
}

/** HTML without the script that sorts tables, which a report has itself. */
function withoutSorting(html: string): string {
  return html.replace(SORT_ELEMENT, '');
}

/** Turns the outputs of one report into HTML, and gathers what its page needs for them. */
export class OutputRenderer {
  /** Whether any figure is drawn by plotly. */
  hasPlots = false;
  /** The code of the scripts that run in frames. */
  readonly frameScripts: string[] = [];
  private figures = 0;

  /**
   * @param scripts which scripts of outputs run, in their frames: 'own', those of the explorers of
   *   this library, or 'all'
   */
  constructor(
    private readonly markdown: MarkdownRenderer,
    private readonly scripts: 'own' | 'all' = 'own',
  ) {}

  render(output: Output): string {
    switch (output.output_type) {
      case 'stream': {
        const text = escapeMarkup(settleText(output.text));
        return text.trim() === '' ? '' : `<pre class="stream ${output.name}">${text}</pre>\n`;
      }
      case 'error':
        return renderError(output.ename, output.evalue, output.traceback);
      default:
        return this.bundle(output.data, output.metadata);
    }
  }

  private readonly mayRun = (code: string): boolean =>
    this.scripts === 'all' || isExplorerScript(code);

  private bundle(data: MimeBundle, metadata: Record<string, unknown>): string {
    const own = metadata.tripletlab as { alt?: unknown; scriptOnly?: unknown } | undefined;
    if (own?.scriptOnly === true) {
      return '';
    }
    const alt = String(own?.alt ?? data['text/plain'] ?? '');
    const image = imageOf(data, metadata, alt);
    const size = sizeOf(metadata['image/png']);
    if (isRecord(data[PLOTLY])) {
      return this.plot(data[PLOTLY], image, alt, size.width);
    }
    const html = data['text/html'];
    if (typeof html === 'string') {
      if (!needsFrame(html)) return `<div class="html">${sanitize(withoutSorting(html))}</div>\n`;
      // The explorer of another version of this library does not run: its still tells more.
      if (image === undefined || scriptsOf(html).every(this.mayRun)) {
        return renderFrame(html, alt, this.frameScripts, this.mayRun, size.height);
      }
    }
    return image === undefined ? this.text(data) : `<figure>${image}</figure>\n`;
  }

  /** The picture stays until plotly has drawn over it, and for readers without scripts. */
  private plot(
    specification: object,
    image: string | undefined,
    alt: string,
    width: number | undefined,
  ): string {
    this.hasPlots = true;
    const id = `plot-${++this.figures}`;
    const fallback = image ?? `<p>${escapeMarkup(alt)}</p>`;
    const style = width === undefined ? '' : ` style="max-width:${width}px"`;
    const label = escapeMarkup(alt);
    return (
      `<figure><div class="plot" data-plot="${id}" role="img" aria-label="${label}"${style}>` +
      `${fallback}</div><script type="application/json" id="${id}">${scriptJson(specification)}` +
      `</script></figure>\n`
    );
  }

  private text(data: MimeBundle): string {
    const latex = data['text/latex'];
    if (typeof data['text/markdown'] === 'string') {
      return this.markdown.render(data['text/markdown']);
    }
    if (typeof latex === 'string') {
      return `<p>${renderTex(latex.replace(/^\s*\$+|\$+\s*$/g, ''), true)}</p>\n`;
    }
    const json = data['application/json'];
    const text = json === undefined ? (data['text/plain'] ?? '') : JSON.stringify(json, null, 2);
    return text === '' ? '' : `<pre class="stream">${escapeMarkup(String(text))}</pre>\n`;
  }
}

function imageOf(
  data: MimeBundle,
  metadata: Record<string, unknown>,
  alt: string,
): string | undefined {
  const type = IMAGES.find((name) => typeof data[name] === 'string');
  if (type === undefined) {
    return undefined;
  }
  const content = data[type] as string;
  const base64 = type === 'image/svg+xml' ? Buffer.from(content).toString('base64') : content;
  const { width, height } = sizeOf(metadata[type]);
  const size = width && height ? ` width="${width}" height="${height}"` : '';
  const source = `data:${type};base64,${base64.replace(/[^\w+/=]/g, '')}`;
  return `<img src="${source}"${size} alt="${escapeMarkup(alt)}">`;
}

/** The size of a picture in CSS pixels, as Jupyter's metadata give it. */
function sizeOf(metadata: unknown): { width?: number; height?: number } {
  const { width, height } = isRecord(metadata) ? metadata : {};
  const isSize = (value: unknown): value is number => Number.isFinite(value) && Number(value) > 0;
  return { width: isSize(width) ? width : undefined, height: isSize(height) ? height : undefined };
}

/** The message in the open, the stack behind it folded away. */
function renderError(name: string, message: string, traceback: string[]): string {
  const [what, ...advice] = stripVTControlCharacters(message).split('\n');
  const stack = stripVTControlCharacters(traceback.join('\n'));
  const more = advice.map((line) => `<p>${escapeMarkup(line)}</p>`).join('');
  const isSaid = stack === '' || stack === `${name}: ${message}`;
  return (
    `<div class="error"><p><strong>${escapeMarkup(name)}</strong>: ${escapeMarkup(what)}</p>${more}` +
    `${isSaid ? '' : `<details><summary>Stack</summary><pre>${escapeMarkup(stack)}</pre></details>`}` +
    `</div>\n`
  );
}

/** What is left to read on a terminal: no colours, and of a line rewritten by \r the last state. */
function settleText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n/g, '\n')
    .replace(/^.*\r(?!$)/gm, '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
