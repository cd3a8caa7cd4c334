import sanitizeHtml from 'sanitize-html';

/** A CSS value that loads nothing: words, numbers, colours, lengths. */
const PLAIN_VALUE = /^(?:[-\w\s.,%#/'"]|(?:rgb|hsl)a?\([\d\s.,%/]+\)|calc\([-+*\w\s.%]+\))+$/;

/** Within its own box (see `.html` in the page's style), not over the page. */
const PLACED = /^(?:relative|absolute)$/;

const STYLES = [
  ...['color', 'background', 'background-color', 'opacity', 'text-align', 'vertical-align'],
  ...['font', 'font-family', 'font-size', 'font-style', 'font-weight', 'font-variant-numeric'],
  ...['line-height', 'white-space', 'display', 'gap', 'flex', 'flex-wrap', 'align-items'],
  ...['width', 'min-width', 'max-width', 'height', 'max-height', 'image-rendering'],
  ...['margin', 'margin-top', 'margin-right', 'margin-bottom', 'margin-left'],
  ...['padding', 'padding-top', 'padding-right', 'padding-bottom', 'padding-left'],
  ...['border', 'border-top', 'border-right', 'border-bottom', 'border-left', 'border-color'],
  ...['border-collapse', 'border-spacing', 'border-radius', 'box-sizing', 'outline'],
  ...['overflow', 'overflow-x', 'left', 'top', 'right', 'bottom', 'text-decoration'],
];

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: [
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'div', 'span', 'br', 'hr', 'blockquote', 'pre'],
    ...[
      'a',
      'abbr',
      'b',
      'cite',
      'code',
      'del',
      'em',
      'i',
      'ins',
      'kbd',
      'mark',
      'q',
      's',
      'small',
    ],
    ...['strong', 'sub', 'sup', 'u', 'var', 'time', 'ul', 'ol', 'li', 'dl', 'dt', 'dd'],
    ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
    ...['figure', 'figcaption', 'img', 'details', 'summary', 'progress'],
  ],
  allowedAttributes: {
    '*': ['title', 'lang', 'dir', 'style', 'role', 'aria-label'],
    a: ['href'],
    img: ['src', 'alt', 'width', 'height'],
    ol: ['start'],
    col: ['span'],
    table: ['data-sortable'],
    th: ['colspan', 'rowspan', 'scope', 'align', 'data-key'],
    td: ['colspan', 'rowspan', 'align', 'data-key'],
    progress: ['max', 'value'],
  },
  allowedClasses: { span: ['hljs-*'], code: ['language-*'] },
  allowedStyles: {
    '*': { ...Object.fromEntries(STYLES.map((name) => [name, [PLAIN_VALUE]])), position: [PLACED] },
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['data'] },
  allowProtocolRelative: false,
  exclusiveFilter: ({ tag, attribs }) =>
    tag === 'img' && !/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/.test(attribs.src ?? ''),
};

/**
 * HTML from a notebook as it may stand in a page: text, tables, lists and pictures that are part of
 * it. Scripts, event handlers, forms, ids, style sheets and whatever loads from elsewhere are dropped.
 */
export function sanitize(html: string): string {
  return sanitizeHtml(html, OPTIONS);
}
