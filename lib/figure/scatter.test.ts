import { describe, expect, it } from 'vitest';
import { matrix, type Matrix } from '../data/matrix';
import { randomNormal, seededRandom } from '../data/random';
import { medoid, placeLabels } from './class-labels';
import type { Figure, PlotlySpecification } from './figure';
import { channels, classColors } from './palette';
import { readPixels } from './pixels';
import { scatter } from './scatter';
import { textWidth } from './text';

function plotly(figure: Figure): PlotlySpecification {
  if (!('plotly' in figure.interactive)) throw new Error('not a plotly figure');
  return figure.interactive.plotly;
}

/** The traces with points: those that name the classes are left out. */
function clouds(figure: Figure): PlotlySpecification['data'] {
  return plotly(figure).data.filter(({ mode }) => mode === 'markers');
}

/** Where the plotly layout puts (x, y), in CSS pixels of the figure. */
function place(figure: Figure, x: number, y: number): { x: number; y: number } {
  const { layout } = plotly(figure);
  const { l, r, t, b } = layout.margin as Record<'l' | 'r' | 't' | 'b', number>;
  const [left, right] = (layout.xaxis as { range: [number, number] }).range;
  const [low, high] = (layout.yaxis as { range: [number, number] }).range;
  return {
    x: l + ((x - left) / (right - left)) * (figure.width - l - r),
    y: figure.height - b - ((y - low) / (high - low)) * (figure.height - t - b),
  };
}

/** A class's colour as it looks on white with the points' opacity. */
function onWhite(color: string): number[] {
  return channels(color).map((c) => 0.75 * c + 0.25 * 255);
}

function clusters(n: number, seed: number): { points: Matrix; labels: Uint8Array } {
  const random = seededRandom(seed);
  const labels = Uint8Array.from({ length: n }, (_, i) => i % 10);
  const data = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    data[2 * i] = 40 * Math.cos(labels[i]) + 4 * randomNormal(random);
    data[2 * i + 1] = 40 * Math.sin(labels[i]) + 4 * randomNormal(random);
  }
  return { points: matrix(data, [n, 2]), labels };
}

const digits = [...'0123456789'];

describe('scatter', () => {
  const corners = matrix(Float32Array.of(0, 0, 10, 0, 0, 5, 10, 5, 5, 2.5), [5, 2]);
  const options = { title: 'Corners', points: corners, labels: [0, 1, 2, 3, 0] };
  const classNames = ['a', 'b', 'c', 'd'];

  it('draws each point in its colour where plotly draws it', () => {
    // The names would cover the points: medoids of classes of one point are the points.
    const figure = scatter({ ...options, classNames: classNames.map(() => ' ') });
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
    for (let i = 0; i < 5; i++) {
      const at = place(figure, corners.data[2 * i], corners.data[2 * i + 1]);
      const expected = onWhite(classColors[options.labels[i]]);
      channels(pixels.at(at.x, at.y + 1.5)).forEach((c, k) =>
        expect(Math.abs(c - expected[k])).toBeLessThanOrEqual(2),
      );
    }
  });

  it('has equal scales: a unit is as long across as up', () => {
    const figure = scatter({ ...options, classNames });
    const origin = place(figure, 0, 0);
    const across = place(figure, 1, 0);
    const up = place(figure, 0, 1);
    expect(across.x - origin.x).toBeCloseTo(origin.y - up.y, 6);
    expect(plotly(figure).layout.yaxis).toMatchObject({ scaleanchor: 'x', scaleratio: 1 });
  });

  it('gives plotly every point, to four digits of the extent, class by class', () => {
    const { points, labels } = clusters(10000, 1);
    const figure = scatter({ title: '', points, labels, classNames: digits });
    const data = clouds(figure);
    expect(data.map(({ name }) => name)).toEqual(digits);
    for (let label = 0; label < 10; label++) {
      const own = [...labels.keys()].filter((i) => labels[i] === label);
      const { x, y } = data[label] as { x: number[]; y: number[] };
      expect(x).toHaveLength(own.length);
      own.forEach((i, k) => {
        expect(Math.abs(x[k] - points.data[2 * i])).toBeLessThan(0.051);
        expect(Math.abs(y[k] - points.data[2 * i + 1])).toBeLessThan(0.051);
      });
    }
    expect(JSON.stringify(plotly(figure)).length).toBeLessThan(300_000);
    expect(JSON.parse(JSON.stringify(plotly(figure)))).toEqual(plotly(figure));
  });

  it('keeps the shape of a small cloud far from the origin', () => {
    const far = matrix(Float32Array.of(1000, 1000, 1000.5, 1000.25), [2, 2]);
    const data = clouds(scatter({ title: '', points: far, labels: [0, 0], classNames: ['a'] }));
    expect(data[0]).toMatchObject({ x: [1000, 1000.5], y: [1000, 1000.25] });
  });

  it('says what the pointer is over', () => {
    const hover = ['p', 'q', '<b>r</b>', 's', 't'];
    expect(clouds(scatter({ ...options, classNames, hover }))).toMatchObject([
      { hovertext: ['p', 't'] },
      { hovertext: ['q'] },
      { hovertext: ['&lt;b&gt;r&lt;/b&gt;'] },
      { hovertext: ['s'] },
    ]);
    expect(clouds(scatter({ ...options, classNames }))[1].hovertext).toBe('b');
  });

  it('draws the names of the classes', () => {
    const ink = (names: string[]): number =>
      readPixels(scatter({ ...options, classNames: names }).png()).count('#1f2328');
    expect(ink(['Sneaker', 'Sandal', 'Bag', 'Coat'])).toBeGreaterThan(
      ink([' ', ' ', ' ', ' ']) + 200,
    );
  });

  it('leaves out points that are not finite and says so', () => {
    const points = matrix(Float32Array.of(0, 0, NaN, 1, 2, Infinity, 3, 3), [4, 2]);
    const figure = scatter({ title: 'T', points, labels: [0, 0, 1, 1], classNames: ['a', 'b'] });
    expect(clouds(figure)).toMatchObject([{ x: [0] }, { x: [3] }]);
    expect(figure.alt).toBe(
      'T: scatter of a (1), b (1). 2 points without finite coordinates are not drawn.',
    );
    expect(figure.png().length).toBeGreaterThan(1000);
  });

  it.each([0, 1])('draws %d points', (n) => {
    const points = matrix(new Float32Array(2 * n), [n, 2]);
    const figure = scatter({ title: '', points, labels: new Uint8Array(n), classNames: ['a'] });
    expect(figure.png().length).toBeGreaterThan(500);
  });

  it('takes hostile names, and more classes than colours', () => {
    const names = Array.from({ length: 12 }, (_, i) => `<script>alert(${i})</script>&\0$x$`);
    const points = matrix(Float32Array.from({ length: 24 }, Math.cos), [12, 2]);
    const figure = scatter({
      title: names[0],
      points,
      labels: [...names.keys()],
      classNames: names,
    });
    expect(JSON.stringify(plotly(figure))).not.toMatch(/<(?!br>)/);
    expect(figure.png().length).toBeGreaterThan(1000);
  });

  it('names what is wrong', () => {
    const of = (changes: object): unknown => scatter({ ...options, classNames, ...changes });
    expect(() => of({ points: matrix(new Float32Array(15), [5, 3]) })).toThrow(
      'scatter: points must be n x 2, got 5 x 3',
    );
    expect(() => of({ labels: [1] })).toThrow('scatter: labels must have 5 entries, got 1');
    expect(() => of({ hover: ['a'] })).toThrow('scatter: hover must have 5 entries, got 1');
    for (const label of [4, -1, 0.5, NaN]) {
      expect(() => of({ labels: [0, 1, 2, label, 0] })).toThrow(
        `scatter: labels[3] must be an index into the 4 classNames, got ${label}`,
      );
    }
  });
});

describe('medoid', () => {
  it('is the point with the least sum of distances', () => {
    const { points } = clusters(100, 2);
    const indices = Array.from({ length: 50 }, (_, k) => 2 * k);
    const sums = indices.map((i) =>
      indices.reduce(
        (sum, j) =>
          sum +
          Math.hypot(
            points.data[2 * i] - points.data[2 * j],
            points.data[2 * i + 1] - points.data[2 * j + 1],
          ),
        0,
      ),
    );
    expect(medoid(points, indices)).toBe(indices[sums.indexOf(Math.min(...sums))]);
  });

  it('stays near the middle when it samples', () => {
    const random = seededRandom(5);
    const data = Float32Array.from({ length: 6000 }, () => randomNormal(random));
    const i = medoid(
      matrix(data, [3000, 2]),
      Array.from({ length: 3000 }, (_, k) => k),
    );
    expect(Math.hypot(data[2 * i], data[2 * i + 1])).toBeLessThan(0.25);
  });
});

it('moves names apart that would overlap', () => {
  const points = matrix(new Float32Array(20), [10, 2]);
  const classes = digits.map((d, i) => ({ name: `class number ${d}`, indices: [i] }));
  const plot = { width: 400, height: 400 };
  const labels = placeLabels(points, classes, { xDomain: [-200, 200], yDomain: [-200, 200] }, plot);
  labels.forEach((a, i) =>
    labels.slice(i + 1).forEach((b) => {
      const apart =
        Math.abs(a.y - b.y) >= 12 || Math.abs(a.x - b.x) >= textWidth(a.name, 12, 'bold');
      expect(apart).toBe(true);
    }),
  );
  for (const { x, y } of labels) {
    expect(Math.abs(x)).toBeLessThan(200);
    expect(Math.abs(y)).toBeLessThan(200);
  }
});
