import { describe, expect, it } from 'vitest';
import type { MimeBundle, Output } from '../notebook';
import { MarkdownRenderer } from './markdown';
import { OutputRenderer } from './outputs';

function render(output: Output): string {
  return new OutputRenderer(new MarkdownRenderer()).render(output);
}

function display(data: MimeBundle, metadata: MimeBundle = {}): Output {
  return { output_type: 'display_data', data, metadata };
}

describe('printed text', () => {
  const stream = (text: string): string => render({ output_type: 'stream', name: 'stdout', text });

  it('is shown as a terminal leaves it', () => {
    expect(stream('\x1b[31mred\x1b[0m\n10 %\r50 %\rdone\nwindows\r\nlast\r')).toBe(
      '<pre class="stream stdout">red\ndone\nwindows\nlast\r</pre>\n',
    );
  });

  it('is text', () => {
    expect(stream('<script>alert(1)</script>')).toContain('&lt;script&gt;');
    expect(stream(' \n')).toBe('');
  });
});

describe('an error', () => {
  it('says what and what to do, and folds the stack', () => {
    const html = render({
      output_type: 'error',
      ename: 'RangeError',
      evalue: 'margin <= 0\nChoose another.',
      traceback: ['\x1b[31mRangeError\x1b[0m', '    at f'],
    });
    expect(html).toContain(
      '<p><strong>RangeError</strong>: margin &lt;= 0</p><p>Choose another.</p>',
    );
    expect(html).toContain('<details><summary>Stack</summary><pre>RangeError\n    at f</pre>');
  });

  it('has nothing to fold where the traceback is the message', () => {
    const error = { output_type: 'error' as const, ename: 'E', evalue: 'x\ny' };
    expect(render({ ...error, traceback: ['E: x\ny'] })).not.toContain('details');
    expect(render({ ...error, traceback: [] })).not.toContain('details');
  });
});

describe('a bundle', () => {
  it('is shown in its richest form', () => {
    const plotly = { data: [], layout: {} };
    const png = 'iVBORw0KGgo=';
    const all = {
      'application/vnd.plotly.v1+json': plotly,
      'text/html': '<svg></svg>',
      'image/png': png,
      'text/plain': 'plain',
    };
    const without = (...types: string[]): string =>
      render(
        display(Object.fromEntries(Object.entries(all).filter(([type]) => !types.includes(type)))),
      );
    expect(without()).toContain('data-plot="plot-1"');
    expect(without('application/vnd.plotly.v1+json')).toContain('<iframe');
    expect(without('application/vnd.plotly.v1+json', 'text/html')).toContain('<img');
    expect(without('application/vnd.plotly.v1+json', 'text/html', 'image/png')).toContain('plain');
  });

  it('that only brings the script of the figures is left out', () => {
    expect(render(display({ 'text/html': '<b>x</b>' }, { tripletlab: { scriptOnly: true } }))).toBe(
      '',
    );
  });

  it('takes size and description of a picture from the metadata', () => {
    const metadata = { 'image/png': { width: 30, height: 20 }, tripletlab: { alt: 'A "line"' } };
    expect(render(display({ 'image/png': 'AAAA\n' }, metadata))).toContain(
      '<img src="data:image/png;base64,AAAA" width="30" height="20" alt="A &quot;line&quot;">',
    );
  });

  it('whose scripts do not run is its picture, and without one a frame that has none', () => {
    const html = '<canvas></canvas><script>1</script>';
    expect(render(display({ 'text/html': html, 'image/png': 'AAAA' }))).toContain('<figure><img');
    const frame = render(display({ 'text/html': html }));
    expect(frame).toContain('&lt;canvas&gt;');
    expect(frame).not.toContain('1&lt;/script&gt;');
  });

  it('in a frame has the height of its picture at first', () => {
    const data = { 'text/html': '<svg></svg>', 'image/png': 'AAAA' };
    const sized = display(data, { 'image/png': { width: 30, height: 240 } });
    expect(render(sized)).toContain('style="height:240px" srcdoc="');
    expect(render(display(data))).not.toContain('style="height');
  });

  it.each([
    ['text/latex', '$x$', '<math'],
    ['text/markdown', '**x**', '<strong>x</strong>'],
    ['application/json', { a: '<b>' }, '&quot;a&quot;: &quot;&lt;b&gt;&quot;'],
    ['image/svg+xml', '<svg onload="alert(1)"/>', '<img src="data:image/svg+xml;base64,'],
    ['text/html', '<table><tr><td onclick="x()">1</td></tr></table>', '<td>1</td>'],
  ])('shows %s', (type, content, expected) => {
    expect(render(display({ [type]: content }))).toContain(expected);
  });

  it.each([
    { 'image/png': '"><script>alert(1)</script>' },
    { 'image/png': 'AAAA', 'text/plain': '"><script>alert(1)</script>' },
    { 'text/html': '<b onclick="alert(1)">x</b><img src=x onerror=alert(1)>' },
    { 'application/vnd.plotly.v1+json': { data: [{ text: '</script><script>alert(1)//' }] } },
    { 'text/html': '<script>1</script>"></iframe><script>alert(1)</script>' },
  ])('cannot leave its place: %j', (data) => {
    const html = render(display(data, { 'image/png': { width: '1" onload="x', height: -1 } }));
    expect(html.replace(/<script type="application\/json"[^>]*>[^<]*<\/script>/, '')).not.toMatch(
      /<script|<[^>]*\son\w+=/i,
    );
  });
});
