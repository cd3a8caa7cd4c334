import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { heatmap } from './heatmap';
import { sequentialColor } from './palette';
import { readPixels } from './pixels';

function hex(t: number): string {
  return `#${sequentialColor(t)
    .map((c) => c.toString(16).padStart(2, '0'))
    .join('')}`;
}

describe('heatmap', () => {
  const values = matrix(Float32Array.of(0, 1, 2, 3, 4, NaN), [2, 3]);
  const options = { title: '', values, rowNames: ['a', 'b'], columnNames: ['x', 'y', 'z'] };
  const figure = heatmap(options);
  if (!('plotly' in figure.interactive)) throw new Error('not a plotly figure');
  const { data, layout } = figure.interactive.plotly;

  it('gives plotly the values and their text, the first row on top', () => {
    expect(data[0]).toMatchObject({
      z: [
        [0, 1, 2],
        [3, 4, null],
      ],
      text: [
        ['0', '1', '2'],
        ['3', '4', '–'],
      ],
      zmin: 0,
      zmax: 4,
    });
    expect(layout.yaxis).toMatchObject({ range: [1.5, -0.5], ticktext: ['a', 'b'] });
    expect(JSON.parse(JSON.stringify({ data, layout }))).toEqual({ data, layout });
  });

  it('draws each cell in its colour where plotly draws it', () => {
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
    const { l, r, t, b } = layout.margin as Record<'l' | 'r' | 't' | 'b', number>;
    const width = (figure.width - l - r) / 3;
    const height = (figure.height - t - b) / 2;
    for (let k = 0; k < 6; k++) {
      const x = l + ((k % 3) + 0.2) * width;
      const y = t + (Math.floor(k / 3) + 0.2) * height;
      expect(pixels.at(x, y)).toBe(k === 5 ? '#ffffff' : hex(k / 4));
    }
  });

  it('takes a domain, and matrices without extent', () => {
    const flat = matrix(new Float32Array(6), [2, 3]);
    const none = matrix(new Float32Array(6).fill(NaN), [2, 3]);
    for (const changes of [
      { domain: [0, 10] as [number, number] },
      { values: flat },
      { values: none },
    ]) {
      expect(heatmap({ ...options, ...changes }).png().length).toBeGreaterThan(500);
    }
  });

  it('writes what it is told into the cells, in as many lines', () => {
    const cellText = (value: number, row: number, column: number): string[] =>
      row === 0 ? [`<${value}>`, `${row},${column}`] : [];
    const told = heatmap({ ...options, cellText });
    if (!('plotly' in told.interactive)) throw new Error('not a plotly figure');
    const trace = told.interactive.plotly.data[0];
    expect(trace.text).toEqual([
      ['&lt;0&gt;<br>0,0', '&lt;1&gt;<br>0,1', '&lt;2&gt;<br>0,2'],
      ['', '', ''],
    ]);
    expect((trace.hovertext as string[][])[0][1]).toBe('a, y: &lt;1&gt;, 0,1');
    const ink = (lines: string[]): number =>
      readPixels(heatmap({ ...options, cellText: () => lines }).png()).count('#1f2328');
    const [none, one, two] = [[], ['8'], ['8', '8']].map(ink);
    expect(one).toBeGreaterThan(none);
    expect(two - none).toBe(2 * (one - none));
  });

  it('takes hostile and long names', () => {
    const name = '<script>alert(1)</script>&\0 '.repeat(5);
    const hostile = heatmap({
      ...options,
      title: name,
      rowNames: [name, name],
      columnNames: [name, name, name],
      rowLabel: name,
      columnLabel: name,
    });
    expect(JSON.stringify(hostile.interactive)).not.toMatch(/<(?!br>)/);
    expect(hostile.png().length).toBeGreaterThan(500);
  });

  it('names what is wrong', () => {
    expect(() => heatmap({ ...options, rowNames: ['a'] })).toThrow(
      'heatmap: values must be 1 x 3 (rowNames x columnNames, not empty), got 2 x 3',
    );
    expect(() => heatmap({ ...options, domain: [1, 1] })).toThrow(
      'heatmap: domain must go from low to high, got [1, 1]',
    );
  });
});
