import { describe, expect, it } from 'vitest';
import { escapeMarkup, escapePlotly } from './escape';
import { printable, shorten, textWidth, wrapText } from './text';

describe('textWidth', () => {
  it('grows with the text, its size and its weight', () => {
    expect(textWidth('', 12)).toBe(0);
    expect(textWidth('mm', 12)).toBeCloseTo(2 * textWidth('m', 12), 9);
    expect(textWidth('m', 24)).toBeCloseTo(2 * textWidth('m', 12), 9);
    expect(textWidth('margin', 12, 'bold')).toBeGreaterThan(textWidth('margin', 12));
    expect(textWidth('i', 12)).toBeLessThan(textWidth('m', 12));
  });

  it('knows spaces, markup, controls, lone surrogates and letters the font lacks', () => {
    for (const character of [' ', '<', '&', '\0', '\ud800', '漢']) {
      expect(textWidth(character, 12)).toBeGreaterThan(1);
      expect(textWidth(character, 12)).toBeLessThan(20);
    }
  });

  it('agrees with the advances in the font file (2048 units, digits 1173)', () => {
    expect(textWidth('0123456789', 2048)).toBeCloseTo(10 * 1173, -2);
  });
});

describe('wrapText', () => {
  it('keeps every word, in order, and each line within the width', () => {
    const text = 'the quick brown fox jumps over the lazy dog and runs away';
    const lines = wrapText(text, 12, 100);
    expect(lines.join(' ')).toBe(text);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(100);
  });

  it('keeps line breaks and words that are too long', () => {
    expect(wrapText('a\nb', 12, 100)).toEqual(['a', 'b']);
    expect(wrapText('incomprehensibilities', 12, 10)).toEqual(['incomprehensibilities']);
    expect(wrapText('', 12, 10)).toEqual(['']);
    expect(wrapText('by 9\u00a0%', 12, 10)).toEqual(['by', '9\u00a0%']);
  });
});

describe('shorten', () => {
  it('leaves text that fits, and cuts the rest to fit', () => {
    expect(shorten('Bag', 12, 100)).toBe('Bag');
    expect(shorten('Bag', 12, textWidth('Bag', 12))).toBe('Bag');
    const cut = shorten('Ankle boot '.repeat(1000), 12, 100);
    expect(cut).toMatch(/^Ankle boot.*…$/);
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(100);
  });
});

it('replaces what XML forbids and nothing else', () => {
  expect(printable('a\0b\x1bc\ud800d\uffff')).toBe('a\ufffdb\ufffdc\ufffdd\ufffd');
  expect(printable('tab\tline\n漢字 😀')).toBe('tab\tline\n漢字 😀');
});

it('escapes markup', () => {
  expect(escapeMarkup(`<a href="x" b='&'>`)).toBe('&lt;a href=&quot;x&quot; b=&#39;&amp;&#39;&gt;');
  expect(escapePlotly('<b>&amp;</b> $x$')).toBe('&lt;b&gt;&amp;amp;&lt;/b&gt; &#36;x&#36;');
  expect(escapePlotly('')).toBe('\u00a0');
});
