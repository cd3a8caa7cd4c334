import { createRequire } from 'node:module';
import type * as MarkedModule from 'marked' with { 'resolution-mode': 'import' };
import type {
  Tokens,
  TokenizerAndRendererExtension,
} from 'marked' with { 'resolution-mode': 'import' };
import { escapeMarkup } from '../../figure/escape';
import type { MimeBundle } from '../notebook';
import { highlightCode } from './highlight';
import { renderTex } from './mathematics';
import { sanitize } from './sanitize';

// An ES module, which Node can require; TypeScript's rules for CommonJS do not know it yet.
const { Marked } = createRequire(__filename)('marked') as typeof MarkedModule;

/** A heading of a report, for its table of contents. */
export interface Heading {
  depth: number;
  /** Plain text. */
  text: string;
  id: string;
}

/** Turns the Markdown cells of one report into HTML, and notes their headings. */
export class MarkdownRenderer {
  readonly headings: Heading[] = [];
  /**
   * What the renderer itself makes passes the sanitiser as place holders: MathML, which it would
   * take apart, and the ids of headings, which it takes from raw HTML. They are random, so that a
   * notebook cannot name one.
   */
  private readonly nonce = Math.random().toString(36).slice(2);
  private readonly kept: string[] = [];
  private attachments: Record<string, MimeBundle> = {};
  private readonly marked = new Marked({
    gfm: true,
    extensions: [this.mathematics('block'), this.mathematics('inline')],
    renderer: {
      heading: ({ tokens, depth, text }: Tokens.Heading) => this.heading(tokens, depth, text),
      code: ({ text, lang }: Tokens.Code) =>
        `<pre><code>${highlightCode(text, lang?.split(/\s/)[0])}\n</code></pre>\n`,
      image: ({ href, text }: Tokens.Image) => this.image(href, text),
    },
  });

  /** HTML of Markdown with $mathematics$, safe to stand in a page. */
  render(markdown: string, attachments: Record<string, MimeBundle> = {}): string {
    this.attachments = attachments;
    const html = sanitize(this.marked.parse(markdown, { async: false }));
    const holder = new RegExp(`${this.nonce}x(\\d+)x`, 'g');
    return html.replace(holder, (_, index: string) => this.kept[Number(index)]);
  }

  private keep(html: string): string {
    this.kept.push(html);
    return `${this.nonce}x${this.kept.length - 1}x`;
  }

  private heading(tokens: Tokens.Generic[], depth: number, text: string): string {
    const id = `section-${this.headings.length + 1}`;
    this.headings.push({ depth, text: plainText(text), id });
    // The static Parser.parseInline knows no mathematics.
    const inline = new this.marked.Parser(this.marked.defaults).parseInline(tokens);
    const anchor = this.keep(`<a class="anchor" id="${id}" href="#${id}" aria-hidden="true">#</a>`);
    return `<h${depth}>${anchor}${inline}</h${depth}>\n`;
  }

  /** A picture that is part of the notebook; of one elsewhere only a link, for a report loads nothing. */
  private image(href: string, text: string): string {
    const attached = this.attachments[href.replace(/^attachment:/, '')] ?? {};
    const [type, data] = Object.entries(attached).find(([name]) => name.startsWith('image/')) ?? [];
    const source = type === undefined ? href : `data:${type};base64,${String(data)}`;
    const alt = escapeMarkup(text);
    return source.startsWith('data:')
      ? `<img src="${escapeMarkup(source)}" alt="${alt}">`
      : `<a href="${escapeMarkup(source)}">${alt}</a>`;
  }

  /** $...$ within a line, or $$...$$ on lines of its own (and within one). */
  private mathematics(level: 'block' | 'inline'): TokenizerAndRendererExtension {
    const block = /^\$\$([\s\S]+?)\$\$[ \t]*(?:\n|$)/;
    const inline = /^\$\$([^$`]+?)\$\$|^\$(?!\s)((?:\\.|[^\\$`\n])+?)(?<!\s)\$(?!\d)/;
    return {
      name: `mathematics-${level}`,
      level,
      start: (source) => (level === 'block' ? /^\$\$/m : /\$/).exec(source)?.index,
      tokenizer: (source) => {
        const match = (level === 'block' ? block : inline).exec(source);
        return match === null
          ? undefined
          : {
              type: `mathematics-${level}`,
              raw: match[0],
              tex: match[1] ?? match[2],
              displayMode: match[1] !== undefined,
            };
      },
      renderer: ({ tex, displayMode }) => {
        const html = this.keep(renderTex(String(tex).trim(), Boolean(displayMode)));
        return level === 'block' ? `<p>${html}</p>\n` : html;
      },
    };
  }
}

/** A heading without its markup. */
function plainText(markdown: string): string {
  return (
    markdown
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[*`$\\]/g, '')
      // Within a word, as in batch_hard, it is no markup.
      .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
      .replace(/<[^>]*>/g, '')
      .trim()
  );
}
