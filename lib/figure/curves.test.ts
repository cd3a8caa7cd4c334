import { describe, expect, it } from 'vitest';
import { curvePanels, curves } from './curves';
import type { Figure, PlotlySpecification } from './figure';
import { readPixels } from './pixels';
import { roleColors } from './palette';
import { smooth } from './smooth';

const labels = { xLabel: 'step', yLabel: 'loss' };
const hostile = '<script>alert("x")</script> & $x$ \0';

interface Axis {
  range: [number, number];
  domain: [number, number];
}

function plotly(figure: Figure): PlotlySpecification {
  if (!('plotly' in figure.interactive)) throw new Error('not a plotly figure');
  return figure.interactive.plotly;
}

/** Where the plotly layout puts (x, y), in CSS pixels of the figure. */
function place(figure: Figure, x: number, y: number, suffix = ''): { x: number; y: number } {
  const { layout } = plotly(figure);
  const { l, r, t, b } = layout.margin as Record<'l' | 'r' | 't' | 'b', number>;
  const xaxis = layout[`xaxis${suffix}`] as Axis;
  const yaxis = layout[`yaxis${suffix}`] as Axis;
  const along = (value: number, { range }: Axis): number =>
    (value - range[0]) / (range[1] - range[0]);
  const paperX = xaxis.domain[0] + along(x, xaxis) * (xaxis.domain[1] - xaxis.domain[0]);
  const paperY = yaxis.domain[0] + along(y, yaxis) * (yaxis.domain[1] - yaxis.domain[0]);
  return {
    x: l + paperX * (figure.width - l - r),
    y: figure.height - b - paperY * (figure.height - t - b),
  };
}

describe('curves', () => {
  it('draws a line that is constant up to rounding', () => {
    const y = [1, 1 - 1.1e-16, 1, 0.9999999999999999];
    const figure = curves({
      title: 'ones',
      series: [{ name: 'a', x: [0, 1, 2, 3], y }],
      ...labels,
    });
    expect(figure.png().length).toBeGreaterThan(1000);
  });

  const x = Array.from({ length: 101 }, (_, i) => i * 10);
  const y = x.map((v) => 1.5 * Math.exp(-v / 300));
  const figure = curves({
    title: 'Loss',
    ...labels,
    series: [
      { name: 'train', x, y },
      { name: 'validation', x: Float32Array.from(x), y: y.map((v) => 2 - v) },
    ],
    references: [{ y: 1.2, label: 'published: 1.2' }],
  });

  it('draws a PNG of twice the CSS pixels', () => {
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
  });

  it('gives plotly the values to six digits, and plain JSON', () => {
    const { data } = plotly(figure);
    expect(data.map(({ name }) => name)).toEqual(['train', 'validation']);
    expect(data[0].x).toEqual(x);
    (data[0].y as number[]).forEach((v, i) => expect(v / y[i]).toBeCloseTo(1, 5));
    expect(JSON.parse(JSON.stringify(plotly(figure)))).toEqual(plotly(figure));
  });

  it('draws each line in the still where plotly draws it', () => {
    const pixels = readPixels(figure.png());
    for (const i of [10, 30, 70, 100]) {
      const train = place(figure, x[i], y[i]);
      expect(pixels.at(train.x, train.y)).toBe(roleColors.train);
      const validation = place(figure, x[i], 2 - y[i]);
      expect(pixels.at(validation.x, validation.y)).toBe(roleColors.validation);
      const between = place(figure, x[i], 1.35);
      expect(pixels.at(between.x, between.y)).toBe('#ffffff');
    }
  });

  it('draws the reference line, dashed, in both forms', () => {
    const { x: left, y: middle } = place(figure, 300, 1.2);
    const strip = { x: left, y: middle - 1, width: 60, height: 2 };
    const dark = readPixels(figure.png()).count(roleColors.published, strip);
    expect(dark).toBeGreaterThan(60);
    expect(dark).toBeLessThan(60 * 2 * 4);
    expect(plotly(figure).layout.shapes).toMatchObject([{ y0: 1.2, y1: 1.2 }]);
    expect(JSON.stringify(plotly(figure).layout.annotations)).toContain('published: 1.2');
  });

  it('draws the smoothed line above the measured one', () => {
    const noisy = y.map((v, i) => v + (i % 2 ? 0.2 : -0.2));
    const smoothed = curves({
      title: '',
      ...labels,
      series: [{ name: 'a', x, y: noisy, smooth: 0.9 }],
    });
    const [faint, bold] = plotly(smoothed).data;
    expect(faint).toMatchObject({ opacity: 0.3, showlegend: false });
    (faint.y as number[]).forEach((v, i) => expect(v).toBeCloseTo(noisy[i], 4));
    const expected = smooth(noisy, 0.9);
    (bold.y as number[]).forEach((v, i) => expect(v).toBeCloseTo(expected[i], 4));
  });

  it('leaves gaps where there is no number, and shows a point between two gaps', () => {
    const gappy = curves({
      title: '',
      ...labels,
      series: [{ name: 'train', x: [0, 1, 2, 3, 4, 5], y: [1, 1, NaN, 1, Infinity, 1] }],
    });
    const [line, dots] = plotly(gappy).data;
    expect(line.y).toEqual([1, 1, null, 1, null, 1]);
    expect(dots).toMatchObject({ mode: 'markers', x: [3, 5], y: [1, 1] });
    const pixels = readPixels(gappy.png());
    const colorAt = (v: number): string => {
      const at = place(gappy, v, 1);
      return pixels.at(at.x, at.y);
    };
    expect([0.5, 2, 3, 4, 5].map(colorAt).map((color) => color === roleColors.train)).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it('leaves out what a logarithmic scale cannot show', () => {
    const log = curves({
      title: '',
      ...labels,
      yScale: 'log',
      series: [{ name: 'train', x: [1, 2, 3, 4], y: [1e-3, 0, -1, 10] }],
      references: [
        { y: -1, label: 'not there' },
        { y: 0.1, label: 'there' },
      ],
    });
    const { data, layout } = plotly(log);
    expect(data[0].y).toEqual([0.001, null, null, 10]);
    expect(layout.yaxis).toMatchObject({ type: 'log' });
    expect(layout.shapes).toHaveLength(1);
    const at = place(log, 1, -3);
    expect(readPixels(log.png()).at(at.x, at.y)).toBe(roleColors.train);
  });

  it.each([
    ['no series', []],
    ['an empty series', [{ name: 'a', x: [], y: [] }]],
    ['only NaN', [{ name: 'a', x: [1, 2], y: [NaN, NaN] }]],
  ])('says that there is no data: %s', (_, series) => {
    const empty = curves({ title: 'Nothing', ...labels, series });
    expect(JSON.stringify(plotly(empty).layout.annotations)).toContain('no data');
    const pixels = readPixels(empty.png());
    const middle = { x: empty.width / 2 - 40, y: empty.height / 2 - 20, width: 100, height: 50 };
    expect(pixels.count('#ffffff', middle)).toBeLessThan(4 * 100 * 50);
  });

  it('draws a single point', () => {
    const single = curves({ title: '', ...labels, series: [{ name: 'train', x: [5], y: [0.3] }] });
    const at = place(single, 5, 0.3);
    expect(readPixels(single.png()).at(at.x, at.y)).toBe(roleColors.train);
  });

  it('draws the title, the legend and the labels', () => {
    const options = { ...labels, series: [{ name: 'train', x, y }] };
    const ink = (f: Figure): number => readPixels(f.png()).count('#1f2328');
    const bare = ink(curves({ ...options, title: '' }));
    expect(ink(curves({ ...options, title: 'Loss of the network' }))).toBeGreaterThan(bare + 100);
    const two = [...options.series, { name: 'validation', x, y }];
    expect(ink(curves({ ...options, title: '', series: two }))).toBeGreaterThan(bare + 50);
  });

  it('takes hostile text', () => {
    const figure = curves({
      title: hostile,
      caption: hostile,
      xLabel: hostile,
      yLabel: hostile,
      series: [
        { name: hostile, x, y },
        { name: '', x, y },
      ],
      references: [{ y: 1, label: hostile }],
    });
    expect(figure.png().length).toBeGreaterThan(1000);
    const { data, layout } = plotly(figure);
    const read = JSON.stringify([data.map(({ name }) => name), layout]);
    expect(read).not.toMatch(/<(?!br>)/);
    expect(read).not.toContain('$');
  });

  it('is quick with long series and keeps whole steps whole', () => {
    const steps = Int32Array.from({ length: 20000 }, (_, i) => i);
    const long = curves({ title: '', ...labels, series: [{ name: 'a', x: steps, y: steps }] });
    expect((plotly(long).data[0].x as number[])[18751]).toBe(18751);
    expect(long.png().length).toBeGreaterThan(1000);
  });

  it('names what is wrong', () => {
    const one = (series: object): unknown =>
      curves({ title: '', ...labels, series: [{ name: 'a', x: [1], y: [1], ...series }] });
    expect(() => one({ y: [1, 2] })).toThrow(
      "curves: x and y of series 'a' must have the same length, got 1 and 2",
    );
    expect(() => one({ smooth: 1 })).toThrow(
      "curves: smooth of series 'a' must be at least 0 and below 1, got 1",
    );
    expect(() => one({ color: 'red"/>' })).toThrow(
      `curves: color of series 'a' must be '#rrggbb', got red"/>`,
    );
  });
});

describe('curvePanels', () => {
  const line = (name: string): { name: string; x: number[]; y: number[] } => ({
    name,
    x: [0, 1, 2],
    y: [0, 1, 4],
  });
  const figure = curvePanels({
    title: 'Two',
    panels: [
      { ...labels, title: 'Left', series: [line('train'), line('validation')] },
      { ...labels, title: 'Right', yScale: 'linear', series: [line('train')] },
    ],
  });

  it('has a pair of axes for each panel and one legend', () => {
    const { data } = plotly(figure);
    expect(data.map(({ xaxis, showlegend }) => [xaxis, showlegend])).toEqual([
      ['x', true],
      ['x', true],
      ['x2', false],
    ]);
  });

  it('stands panels in rows, in both forms', () => {
    const names = ['train', 'validation', 'train', 'validation', 'train'];
    const panels = names.map((name, i) => ({ ...labels, title: `${i}`, series: [line(name)] }));
    const grid = curvePanels({ title: 'Five', panels, columns: 2 });
    expect(grid.height).toBe(340 + 2 * 250);
    const pixels = readPixels(grid.png());
    const places = names.map((_, i) => place(grid, 1, 1, i === 0 ? '' : String(i + 1)));
    names.forEach((name, i) => {
      const { x, y } = places[i];
      expect(pixels.at(x, y), `panel ${i}`).toBe(roleColors[name as 'train' | 'validation']);
      // Even panels stand below one another, and an odd one beside the panel before it.
      if (i % 2 === 0) expect(x).toBeCloseTo(places[0].x, 5);
      else expect([x > places[i - 1].x + 300, y]).toEqual([true, places[i - 1].y]);
      if (i >= 2) expect(y).toBeGreaterThan(places[i - 2].y + 150);
    });
  });

  it('draws both panels where plotly does', () => {
    const pixels = readPixels(figure.png());
    const left = place(figure, 1, 1);
    const right = place(figure, 1, 1, '2');
    expect(right.x).toBeGreaterThan(left.x + 300);
    expect(pixels.at(left.x, left.y)).toBe(roleColors.validation);
    expect(pixels.at(right.x, right.y)).toBe(roleColors.train);
  });

  it('names what is wrong', () => {
    expect(() => curvePanels({ title: '', panels: [] })).toThrow(
      'curvePanels: panels must not be empty',
    );
    const panels = [{ ...labels, series: [line('train')] }];
    for (const columns of [0, -1, 1.5, NaN]) {
      expect(() => curvePanels({ title: '', panels, columns })).toThrow(
        `curvePanels: columns must be a whole number > 0, got ${columns}`,
      );
    }
  });
});
