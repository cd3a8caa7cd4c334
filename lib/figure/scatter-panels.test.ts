import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import type { RunProjection } from '../experiment/projection';
import type { Figure, PlotlySpecification } from './figure';
import { channels, classColors } from './palette';
import { readPixels } from './pixels';
import { projectionPanels } from './projection-panels';
import { projectionQuality } from './projection-quality';
import { scatterPanels, type ScatterPanelsOptions } from './scatter-panels';

function plotly(figure: Figure): PlotlySpecification {
  if (!('plotly' in figure.interactive)) throw new Error('not a plotly figure');
  return figure.interactive.plotly;
}

interface Axis {
  domain: [number, number];
  range: [number, number];
}

/** The axes of panel `i` of a figure. */
function axesOf(figure: Figure, i: number): { x: Axis; y: Axis } {
  const { layout } = plotly(figure);
  const suffix = i === 0 ? '' : i + 1;
  return { x: layout[`xaxis${suffix}`] as Axis, y: layout[`yaxis${suffix}`] as Axis };
}

/** Where the plotly layout puts (x, y) of panel `i`, in CSS pixels of the figure. */
function place(figure: Figure, i: number, x: number, y: number): { x: number; y: number } {
  const { l, r, t, b } = plotly(figure).layout.margin as Record<'l' | 'r' | 't' | 'b', number>;
  const share = (value: number, { domain, range }: Axis): number =>
    domain[0] + ((value - range[0]) / (range[1] - range[0])) * (domain[1] - domain[0]);
  const axes = axesOf(figure, i);
  return {
    x: l + share(x, axes.x) * (figure.width - l - r),
    y: figure.height - b - share(y, axes.y) * (figure.height - t - b),
  };
}

const corners = matrix(Float32Array.of(0, 0, 10, 0, 0, 5, 10, 5, 5, 2.5), [5, 2]);
const turned = matrix(Float32Array.of(100, 200, 100, 220, 110, 200, 110, 220, 105, 210), [5, 2]);
const options: ScatterPanelsOptions = {
  title: 'Corners',
  panels: [
    { title: 'wide', points: corners, caption: 'as they are' },
    { title: 'tall', points: turned },
    { title: 'own', points: corners, labels: [3, 3, 3, 3, 3] },
  ],
  labels: [0, 1, 2, 1, 0],
  classNames: ['a', 'b', 'c', 'd', 'e'],
};

/** The options without names, which would cover the points. */
const nameless = { ...options, classNames: options.classNames.map(() => ' ') };

describe('scatterPanels', () => {
  it.each([undefined, 1, 2])('draws points where plotly draws them, %s in a row', (columns) => {
    const figure = scatterPanels({ ...nameless, columns, width: 480 });
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
    options.panels.forEach(({ points, labels = options.labels! }, panel) => {
      for (let i = 0; i < 5; i++) {
        const at = place(figure, panel, points.data[2 * i], points.data[2 * i + 1]);
        const shown = channels(pixels.at(at.x, at.y + 1));
        channels(classColors[labels[i]]).forEach((c, k) =>
          expect(Math.abs(shown[k] - (0.75 * c + 0.25 * 255))).toBeLessThanOrEqual(2),
        );
      }
    });
  });

  it('has square panels of one size with equal scales, side by side', () => {
    const figure = scatterPanels(options);
    for (let i = 0; i < 3; i++) {
      const { x, y } = axesOf(figure, i);
      expect(x.range[1] - x.range[0]).toBeCloseTo(y.range[1] - y.range[0], 4);
      const [from, to] = [
        place(figure, i, x.range[0], y.range[0]),
        place(figure, i, x.range[1], y.range[1]),
      ];
      expect(to.x - from.x).toBeCloseTo(296, 0);
      expect(from.y - to.y).toBeCloseTo(to.x - from.x, 6);
      expect(from.x).toBeCloseTo(16 + i * 316, 0);
    }
  });

  it('takes a height, and rows of fewer panels', () => {
    const low = scatterPanels({ ...options, height: 300 });
    expect([low.width, low.height]).toEqual([960, 300]);
    const { x, y } = axesOf(low, 1);
    expect(x.range[1] - x.range[0]).toBeGreaterThan(1.2 * (y.range[1] - y.range[0]));
    const column = scatterPanels({ ...options, columns: 1, width: 400 });
    const tops = [0, 1, 2].map((i) => axesOf(column, i).y.domain[1]);
    expect(tops[0]).toBeGreaterThan(tops[1]);
    expect(tops[1]).toBeGreaterThan(tops[2]);
    expect(column.height).toBeGreaterThan(3 * 360);
    const five = Array.from({ length: 5 }, () => options.panels[0]);
    const lefts = [...five.keys()].map(
      (i) => axesOf(scatterPanels({ ...options, panels: five }), i).x.domain[0],
    );
    expect(new Set(lefts.map((left) => left.toFixed(3))).size).toBe(4);
  });

  it('has one legend, in which a class stands for its points and names in all panels', () => {
    const { data, layout } = plotly(scatterPanels(options));
    const inLegend = data.filter(({ showlegend }) => showlegend);
    expect(inLegend.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(layout.legend).toMatchObject({ itemclick: 'toggleothers', itemdoubleclick: 'toggle' });
    for (const { name, legendgroup } of inLegend) {
      const group = data.filter((trace) => trace.legendgroup === legendgroup);
      const panels = name === 'd' ? ['x3'] : ['x', 'x2'];
      expect(group.map(({ mode, xaxis }) => `${String(mode)} ${String(xaxis)}`).sort()).toEqual(
        panels.flatMap((axis) => [`markers ${axis}`, `text ${axis}`]).sort(),
      );
      const colors = group.flatMap(({ marker }) =>
        marker ? (marker as { color: string }).color : [],
      );
      expect(new Set(colors).size).toBe(1);
    }
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });

  it('says what the pointer is over: the name, the figure’s words, or the panel’s', () => {
    const hover = ['p', 'q', 'r', 's', 't'];
    const own = ['1', '2', '3', '4', '<5>'];
    const words = (changes: Partial<ScatterPanelsOptions>): unknown[] =>
      plotly(scatterPanels({ ...options, ...changes }))
        .data.filter(({ mode }) => mode === 'markers')
        .map(({ hovertext }) => hovertext);
    expect(words({})).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'd']);
    const [first, second, third] = options.panels;
    expect(words({ hover, panels: [first, { ...second, hover: own }, third] })).toEqual([
      ['p', 't'],
      ['q', 's'],
      ['r'],
      ['1', '&lt;5&gt;'],
      ['2', '4'],
      ['3'],
      hover,
    ]);
  });

  it('draws titles, captions and the names of the classes', () => {
    const ink = (changes: Partial<ScatterPanelsOptions>): number =>
      readPixels(scatterPanels({ ...nameless, ...changes }).png()).count('#1f2328');
    const panels = options.panels.map((panel) => ({ ...panel, title: '' }));
    const untitled = ink({ panels });
    expect(ink({})).toBeGreaterThan(untitled + 200);
    expect(ink({ panels, classNames: ['Sneaker', 'Sandal', 'Bag', 'Coat', ''] })).toBeGreaterThan(
      untitled + 400,
    );
    const caption = 'words that need more than one line of a narrow panel, '.repeat(2);
    const texts = (
      plotly(
        scatterPanels({
          ...options,
          panels: [{ ...options.panels[0], caption }, options.panels[1]],
        }),
      ).layout.annotations as { text: string }[]
    ).map(({ text }) => text);
    expect(texts).toContain('wide');
    expect(texts.some((text) => text.startsWith('words that') && text.includes('<br>'))).toBe(true);
  });

  it('tells those who cannot see it', () => {
    const points = matrix(Float32Array.of(0, 0, NaN, 1, 2, Infinity, 3, 3, 1, 1), [5, 2]);
    const panels = [options.panels[1], { title: 'torn', points }];
    expect(scatterPanels({ ...options, panels }).alt).toBe(
      'Corners: scatters of a, b, c: tall (5 points), torn (3 points). ' +
        '2 points without finite coordinates are not drawn.',
    );
  });

  it('draws panels without points, and hostile names', () => {
    const none = { title: 'none', points: matrix(new Float32Array(0), [0, 2]), labels: [] };
    const figure = scatterPanels({ ...options, panels: [none, none] });
    expect(figure.alt).toBe('Corners: scatters of no points: none (0 points), none (0 points).');
    expect(figure.png().length).toBeGreaterThan(1000);
    const hostile = '<script>alert(1)</script>&\0$x$';
    const bad = scatterPanels({
      ...options,
      title: hostile,
      panels: options.panels.map((panel) => ({ ...panel, title: hostile, caption: hostile })),
      classNames: options.classNames.map(() => hostile),
    });
    expect(JSON.stringify(plotly(bad))).not.toMatch(/<(?!br>)/);
    expect(bad.png().length).toBeGreaterThan(1000);
  });

  it('names what is wrong, and where', () => {
    const of = (changes: object): unknown => scatterPanels({ ...options, ...changes });
    const second = (changes: object): unknown =>
      of({ panels: [options.panels[0], { ...options.panels[1], ...changes }] });
    expect(() => of({ panels: [] })).toThrow('scatterPanels: panels must not be empty');
    expect(() => of({ columns: 0 })).toThrow('scatterPanels: columns must be a whole number > 0');
    expect(() => of({ labels: undefined })).toThrow(
      "scatterPanels: panel 'wide' must have labels, or the figure must",
    );
    expect(() => second({ points: matrix(new Float32Array(15), [5, 3]) })).toThrow(
      "scatterPanels: points of panel 'tall' must be n x 2, got 5 x 3",
    );
    expect(() => second({ labels: [1] })).toThrow(
      "scatterPanels: labels of panel 'tall' must have 5 entries, got 1",
    );
    expect(() => second({ hover: ['a'] })).toThrow(
      "scatterPanels: hover of panel 'tall' must have 5 entries, got 1",
    );
    expect(() => second({ labels: [0, 0, 0, 0, 5] })).toThrow(
      "scatterPanels: labels[4] of panel 'tall' must be an index into the 5 classNames, got 5",
    );
  });
});

describe('projectionPanels', () => {
  const projection: RunProjection = {
    points: corners,
    labels: Uint8Array.of(0, 1, 2, 1, 0),
    trustworthiness: 0.98765,
    accuracy: 0.5,
  } as RunProjection;

  it('has the measures of each picture under it', () => {
    const other = { ...projection, trustworthiness: 0.75 };
    const figure = projectionPanels('Digits', { PCA: projection, UMAP: other }, ['a', 'b', 'c']);
    const { annotations } = plotly(figure).layout as { annotations: { text: string }[] };
    const texts = annotations.map(({ text }) => text.replace(/\u00a0/g, ' '));
    expect(texts).toEqual(
      expect.arrayContaining([
        'PCA',
        'UMAP',
        expect.stringMatching(/^Trustworthiness@12 0\.988; .*10-NN accuracy in the picture 0\.500/),
        expect.stringMatching(/^Trustworthiness@12 0\.750; /),
        'Distances between far clusters mean little.',
      ]),
    );
    expect(() => projectionPanels('none', {}, [])).toThrow('panels must not be empty');
  });

  it('shows the measures that there are', () => {
    const quality = { trustworthiness: 0.9, accuracy: 0.8, continuity: 0.7, silhouette: -0.25 };
    expect(projectionQuality(quality).replace(/\u00a0/g, ' ')).toBe(
      'Trustworthiness@12 0.900; continuity@12 0.700; 10-NN accuracy in the picture 0.800; ' +
        'silhouette −0.250',
    );
  });
});
