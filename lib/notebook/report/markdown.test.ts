import { describe, expect, it } from 'vitest';
import { MarkdownRenderer } from './markdown';

const render = (markdown: string): string => new MarkdownRenderer().render(markdown);

/** Rendered, each formula replaced by its TeX in brackets. */
function withTex(markdown: string): string {
  const tex =
    /<span class="katex">[^]*?<annotation[^>]*>([^]*?)<\/annotation>[^]*?<\/math><\/span>/g;
  return render(markdown).replace(tex, '[$1]').trim();
}

describe('mathematics', () => {
  it.each([
    ['a $x^2$ b', '<p>a [x^2] b</p>'],
    ['$$\nx + y\n$$', '<p>[x + y]</p>'],
    ['text\n$$x$$\nmore', '<p>text</p>\n<p>[x]</p>\n<p>more</p>'],
    ['costs $5 and $6', '<p>costs $5 and $6</p>'],
    ['`$x$` and $y$', '<p><code>$x$</code> and [y]</p>'],
    ['$a_1$ and $b_1$, *not* $c*d*e$', '<p>[a_1] and [b_1], <em>not</em> [c*d*e]</p>'],
    ['```\n$x$\n```', '<pre><code>$x$\n</code></pre>'],
  ])('%j', (markdown, html) => expect(withTex(markdown)).toBe(html));

  it('is drawn by the browser, as MathML', () => {
    expect(render('$\\sqrt{20/9}$')).toContain('<msqrt>');
    expect(render('$$x$$')).toContain('display="block"');
  });

  it('shows wrong TeX, and does not follow it elsewhere', () => {
    expect(render('$\\frac{1$')).toContain('\\frac{1');
    expect(render('$\\href{javascript:alert(1)}{x}$')).not.toContain('href=');
    expect(render('$\\includegraphics{https://example.org/x.png}$')).not.toContain('<img');
  });

  it('ends at a formula that expands for ever', () => {
    expect(render('$\\def\\a{\\a\\a}\\a$')).toContain('katex-error');
  });
});

describe('headings', () => {
  it('are listed in order, in plain text, with ids of their own', () => {
    const markdown = new MarkdownRenderer();
    markdown.render('# The *margin* `m` of batch_hard, _soft_\n\ntext');
    const html = markdown.render('## See [this](https://example.org) & that');
    expect(markdown.headings).toEqual([
      { depth: 1, text: 'The margin m of batch_hard, soft', id: 'section-1' },
      { depth: 2, text: 'See this & that', id: 'section-2' },
    ]);
    expect(html).toContain('id="section-2"');
  });

  it('may hold mathematics', () => {
    expect(withTex('# The loss $\\mathcal L$')).toMatch(/^<h1><a .*<\/a>The loss \[.*L\]<\/h1>$/);
  });
});

describe('hostile Markdown', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '[x](javascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '![x](https://example.org/track.png)',
    '![x](javascript:alert(1))',
    '<svg onload=alert(1)><style>@import "https://example.org"</style></svg>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<form action="https://example.org"><input name=q></form>',
    '<b style="background:url(https://example.org/x)">x</b>',
    '<b style="position:fixed;top:0">x</b>',
    '<p id="plot-1" class="plot" data-plot="plot-1">x</p>',
    '<meta http-equiv="refresh" content="0;url=https://example.org">',
    '<base href="https://example.org">',
    '<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></math>',
  ])('loses its teeth: %s', (markdown) => {
    const html = render(markdown);
    expect(html).not.toMatch(/<(script|svg|iframe|form|input|style|meta|base|math|mglyph)/i);
    expect(html).not.toMatch(/<[^>]*\s(on\w+|srcdoc|id|class|data-\w+)\s*=/i);
    expect(html).not.toMatch(/<[^>]*(javascript:|url\(|fixed)/i);
    expect(html).not.toMatch(/<[^>]*\ssrc\s*=\s*"(?!data:image)/i);
    expect(html).not.toMatch(/href="data:/i);
  });

  it('keeps what is harmless', () => {
    const html = render(
      '<b>bold</b> <span style="color:#c00">red</span> ~~no~~\n\n| a |\n|--:|\n| 1 |',
    );
    expect(html).toContain('<b>bold</b> <span style="color:#c00">red</span> <del>no</del>');
    expect(html).toContain('<td align="right">1</td>');
  });
});

describe('pictures', () => {
  const attachments = { 'a.png': { 'image/png': 'AAAA' } };

  it('come from the cell’s attachments or from data, and are else a link', () => {
    const markdown = new MarkdownRenderer();
    expect(markdown.render('![A](attachment:a.png)', attachments)).toContain(
      '<img src="data:image/png;base64,AAAA" alt="A" />',
    );
    expect(render('![A](https://example.org/a.png)')).toContain(
      '<a href="https://example.org/a.png">A</a>',
    );
  });
});
