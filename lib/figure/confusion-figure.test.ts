import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { classScores, confusionMatrix } from '../evaluate/confusion';
import { confusionFigure, scoresTable } from './confusion-figure';
import { readPixels } from './pixels';

const names = ['shirt', 'coat', '<b>bag</b>'];
const actual = [0, 0, 0, 0, 1, 1];
const confusion = confusionMatrix([0, 0, 0, 1, 1, 0], actual, 3);

describe('confusionFigure', () => {
  const figure = confusionFigure('Clothes', confusion, names);
  if (!('plotly' in figure.interactive)) throw new Error('not a plotly figure');
  const trace = figure.interactive.plotly.data[0];

  it('writes counts and shares of the row, and colours by the share', () => {
    expect(trace).toMatchObject({
      z: [
        [0.75, 0.25, 0],
        [0.5, 0.5, 0],
        [null, null, null],
      ],
      zmin: 0,
      zmax: 1,
    });
    const nothing = '\u00a0';
    expect(trace.text).toEqual([
      ['3<br>75.0 %', '1<br>25.0 %', nothing],
      ['1<br>50.0 %', '1<br>50.0 %', nothing],
      [nothing, nothing, nothing],
    ]);
    expect((trace.hovertext as string[][])[0][1]).toBe('shirt, coat: 1, 25.0 %');
  });

  it('draws in the still what it tells plotly, and escapes names', () => {
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
    expect(JSON.stringify(figure.interactive)).not.toMatch(/<b>/);
  });

  it('refuses other class names than the matrix has', () => {
    expect(() => confusionFigure('', confusion, ['a'])).toThrow('must be 1 x 1');
    expect(() => confusionFigure('', matrix(new Float32Array(6), [2, 3]), names)).toThrow(
      'must be 3 x 3',
    );
  });
});

describe('scoresTable', () => {
  it('has a row for every class, and en dashes for what is not defined', () => {
    const { interactive } = scoresTable('Clothes', classScores(confusion), names);
    if (!('html' in interactive)) throw new Error('not a table');
    const cells = [...interactive.html.matchAll(/<t[dh] [^>]*>([^<]*)</g)].map((match) => match[1]);
    expect(cells.slice(5)).toEqual([
      ...['shirt', '4', '0.7500', '0.7500', '0.7500'],
      ...['coat', '2', '0.5000', '0.5000', '0.5000'],
      ...['&lt;b&gt;bag&lt;/b&gt;', '0', '–', '–', '–'],
    ]);
    expect(interactive.html).toContain('Accuracy 0.6667, macro F1 0.6250.');
  });
});
