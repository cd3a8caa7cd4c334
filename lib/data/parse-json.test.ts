import { expect, it } from 'vitest';
import { parseJson } from './parse-json';

const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

it('reads JSON', () => {
  expect(parseJson('{"a": ["[[[", 1.5, null]}')).toEqual({ a: ['[[[', 1.5, null] });
  expect(() => parseJson('{"a": 1')).toThrow(SyntaxError);
});

it('refuses what is nested too deep to go through', () => {
  expect(parseJson(lists(200))).toHaveLength(1);
  for (const depth of [201, 100_000]) {
    expect(() => parseJson(lists(depth))).toThrow('must be nested at most 200 deep');
  }
});
