import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import type { Figure } from '../figure/figure';
import { fastPng } from '../figure/packages';
import { roleColors } from '../figure/palette';
import { readPixels } from '../figure/pixels';
import { ItemDatabase } from './item-database';
import type { Recommendation } from './recommendation';
import { recommendationFigure, type RecommendationRow } from './recommendation-figure';

function html(figure: Figure): string {
  if (!('html' in figure.interactive)) throw new Error('not an HTML figure');
  return figure.interactive.html;
}

/** The captions and hover texts of the grid, in order. */
function words(figure: Figure): { captions: string[]; hover: string[] } {
  const cells = [...html(figure).matchAll(/<span title="([^"]*)"[^>]*>(?:<span[^>]*>([^<]*))?/g)];
  return {
    captions: cells.map(([, , caption]) => caption ?? ''),
    hover: cells.map(([, title]) => title),
  };
}

function neighbour(id: number, className: string, distance: number): Recommendation {
  const image = new Uint8Array(4).fill(id);
  return { id, label: 0, className, embedding: new Float32Array(2), image, distance };
}

const imageSize = { height: 2, width: 2 };
const row: RecommendationRow = {
  query: { image: new Uint8Array(4).fill(99), className: 'boot' },
  recommendations: [neighbour(7, 'boot', 0.5), neighbour(8, 'bag', 1.25), neighbour(9, 'coat', 2)],
};
const short: RecommendationRow = {
  query: { image: new Uint8Array(4).fill(98) },
  recommendations: [neighbour(6, 'bag', 1234.5)],
};

describe('recommendationFigure', () => {
  const figure = recommendationFigure({ title: 'Near', rows: [row, short], imageSize });

  it('shows the query, then its neighbours in their order', () => {
    expect(words(figure)).toEqual({
      captions: ['boot', '✓ 0.500', '✗ 1.25', '✗ 2', 'query', '1,234.5', '', ''].map((text) =>
        text === '1,234.5' ? expect.stringMatching(/^1,23/) : text,
      ),
      hover: [
        'query: boot',
        'item 7: boot, distance 0.500',
        'item 8: bag, distance 1.25',
        'item 9: coat, distance 2',
        'query',
        expect.stringMatching(/^item 6: bag, distance 1,23/),
        '',
        '',
      ],
    });
    const [, base64] = /src="data:image\/png;base64,([^"]+)"/.exec(html(figure))!;
    const sprite = fastPng.decode(Buffer.from(base64, 'base64'));
    const seen = new Set(sprite.data);
    expect([...seen].sort((a, b) => a - b)).toEqual([6, 7, 8, 9, 98, 99, 255]);
  });

  it('marks right and wrong in the still too', () => {
    const pixels = readPixels(figure.png());
    const right = pixels.count(roleColors.right);
    const wrong = pixels.count(roleColors.wrong);
    expect(right).toBeGreaterThan(500);
    expect(wrong).toBe(2 * right);
  });

  it('says all of it in words', () => {
    expect(figure.alt).toMatch(
      /^Near: Query 1, boot: 1 of 3 items of its class, at distances 0.500 to 2; the others are of bag, coat. Query 2: 1 item at distances 1,23/,
    );
    expect(html(figure)).toContain('✗ in orange');
    const unknown = recommendationFigure({ title: 'Near', rows: [short], imageSize });
    expect(html(unknown)).not.toContain('orange');
  });

  it('keeps the rest of a row white, dark and light swapped or not', () => {
    for (const invert of [false, true]) {
      const shown = recommendationFigure({ title: '', rows: [row, short], imageSize, invert });
      const pixels = readPixels(shown.png());
      const x = shown.width - 16 - 56;
      expect(pixels.count('#ffffff', { x, y: shown.height / 2 + 5, width: 50, height: 30 })).toBe(
        100 * 60,
      );
    }
  });

  it('shows what a database recommends', async () => {
    const database = await ItemDatabase.create(':memory:', {
      dimension: 1,
      classNames: ['<b>', 'bag'],
      imageSize,
    });
    const embeddings = matrix(Float32Array.of(0, 3, 1), [3, 1]);
    const images = Uint8Array.from({ length: 12 }, (_, i) => 20 * i);
    await database.add({ embeddings, labels: [0, 0, 1], images });
    const drawn = recommendationFigure({
      title: 'All',
      rows: [{ query: await database.item(0), recommendations: await database.recommend(0, 5) }],
      imageSize: (await database.catalogue()).imageSize!,
    });
    await database.close();
    expect(words(drawn).captions).toEqual(['&lt;b&gt;', '✗ 1', '✓ 3']);
    expect(drawn.png().length).toBeGreaterThan(500);
  });

  it('names what is wrong', () => {
    const draw = (rows: RecommendationRow[]) => () =>
      recommendationFigure({ title: '', rows, imageSize });
    expect(draw([])).toThrow('recommendationFigure: rows must not be empty');
    expect(draw([{ ...row, query: { image: null } }])).toThrow(
      'recommendationFigure: the image of the query must have 4 values, got none',
    );
    const wide = { ...neighbour(5, 'bag', 1), image: new Uint8Array(6) };
    expect(draw([{ ...row, recommendations: [wide] }])).toThrow(
      'recommendationFigure: the image of item 5 must have 4 values, got 6',
    );
  });
});
