import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspection } from './inspection';
import { loadTslab, type Converter, type QuickInfo } from './tslab';

const DECLARATIONS = `
/**
 * Half of a number.
 * @param value any number
 * @returns value / 2
 * @throws RangeError when it is infinite
 */
declare function half(value: number): number;
/** Twice. */
declare function twice(value: number): number;
declare class Box { constructor(height: number); /** Grows. */ grow(by: { height: number }): void }
declare const box: Box;
`;

describe('inspection', () => {
  const tslab = loadTslab();
  let converter: Converter & {
    inspect(previous: string, source: string, position: number): QuickInfo | undefined;
  };
  beforeAll(() => {
    converter = tslab.createConverter({ isJS: false, isBrowser: false }) as typeof converter;
  });
  afterAll(() => converter.close());

  /** What is found at the sign | of a cell. */
  function at(marked: string): string | undefined {
    const cursor = marked.indexOf('|');
    const { found, data } = inspection(
      tslab,
      (code, position) => converter.inspect(DECLARATIONS, code, position),
      { code: marked.replace('|', ''), cursor_pos: cursor },
    );
    return found ? (data as Record<string, string>)['text/plain'] : undefined;
  }

  it('tells type, doc comment and tags', () => {
    const text = `function half(value: number): number

Half of a number.

@param value any number
@returns value / 2
@throws RangeError when it is infinite`;
    expect(at('ha|lf(1)')).toBe(text);
    expect(at('half|')).toBe(text);
  });

  it.each([
    ['half(|', 'function half'],
    ['half(|)', 'function half'],
    ['half(\n  |', 'function half'],
    ['half(1 + |)', 'function half'],
    ['half(1, { a: [|', 'function half'],
    ['half(twice(|), 2)', 'function twice'],
    ['half(twice(1), |)', 'function half'],
    ['half(twice(1)|)', 'function half'],
    ['box.grow({ |', '(method) Box.grow'],
    ['box.grow({ height|: 1 })', '(property) height'],
    ['new Box(|)', 'constructor Box'],
    ['const x = 1;\n\nhalf(\n  |\n);', 'function half'],
    ['half(box|)', 'const box'],
  ])('at %s finds %s', (marked, start) => {
    expect(at(marked)?.slice(0, start.length)).toBe(start);
  });

  it.each([
    '|',
    '1; | half(1)',
    'half(1) |',
    'half(1)|',
    'half(1); |',
    '"half(|"',
    '('.repeat(500) + '|',
  ])('at %s finds nothing', (marked) => {
    expect(at(marked)).toBeUndefined();
  });
});
