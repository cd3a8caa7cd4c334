import { describe, expect, it } from 'vitest';
import { renderIndex } from './report-index';

describe('renderIndex', () => {
  it('compares reports in a table and leads to them', () => {
    const html = renderIndex({
      title: 'All <reports>',
      introduction: 'Five & more',
      columns: ['precision@1', 'preset'],
      reports: [
        {
          title: 'A',
          href: 'a.html',
          summary: [0.981234, 'quick'],
          thumbnail: new Uint8Array([0]),
        },
        { title: 'B', href: 'b.html', summary: [undefined, 'paper'] },
      ],
    });
    expect(html).toContain('<title>All &lt;reports&gt;</title>');
    expect(html).toContain('<p>Five &amp; more</p>');
    expect(html).toContain('<th class="number">precision@1</th><th>preset</th>');
    expect(html).toContain('<td class="number">0.9812</td><td>quick</td>');
    expect(html).toContain('<td class="number"></td><td>paper</td>');
    expect(html.match(/href="a\.html"/g)).toHaveLength(2);
    expect(html).toContain('src="data:image/png;base64,AA=="');
    expect(html).toContain("script-src 'none'");
  });

  it('refuses what it could not show', () => {
    const report = { title: 'A', href: 'a.html', summary: [1, 2] };
    expect(() => renderIndex({ title: '', columns: ['x'], reports: [report] })).toThrow(
      /'A' has 2 values for 1 columns/,
    );
    const hostile = { title: 'A', href: ' javascript:alert(1)' };
    expect(() => renderIndex({ title: '', reports: [hostile] })).toThrow(/href must be/);
  });
});
