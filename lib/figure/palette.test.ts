import { describe, expect, it } from 'vitest';
import {
  assignLineColors,
  channels,
  classColor,
  classColorOnDark,
  classColors,
  darkInk,
  darkRoleColors,
  lineColors,
  roleColors,
  sequentialColor,
} from './palette';

/**
 * Complete lack of one kind of cone, as matrices on linear RGB: Machado, Oliveira and Fernandes, "A
 * Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.
 */
const vision: Record<string, number[]> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deuteranopia: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritanopia: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
};

function linear(color: string): number[] {
  return channels(color).map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
}

/** CIE L*a*b* of a colour as it is seen. */
function seen(color: string, matrix: number[]): number[] {
  const rgb = linear(color);
  const [r, g, b] = [0, 3, 6].map((row) => {
    const value = matrix[row] * rgb[0] + matrix[row + 1] * rgb[1] + matrix[row + 2] * rgb[2];
    return Math.min(1, Math.max(0, value));
  });
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function leastDistance(colors: readonly string[], matrix: number[]): number {
  const lab = colors.map((color) => seen(color, matrix));
  const distances = lab.flatMap((a, i) =>
    lab.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
  );
  return Math.min(...distances);
}

describe.each(Object.keys(vision))('with %s vision', (kind) => {
  it('any two class colours, and any of them and white, differ plainly', () => {
    expect(classColors).toHaveLength(10);
    expect(leastDistance([...classColors, '#ffffff'], vision[kind])).toBeGreaterThan(15);
  });

  it('so do those on a dark ground', () => {
    const colors = classColors.map((_, label) => classColorOnDark(label));
    expect(leastDistance([...colors, darkInk.ground], vision[kind])).toBeGreaterThan(15);
  });

  it('the colours that stand beside one another in pairs differ strongly', () => {
    for (const pair of [
      [roleColors.train, roleColors.validation],
      [roleColors.ours, roleColors.published],
      [roleColors.right, roleColors.wrong],
      [darkRoleColors.right, darkRoleColors.wrong],
      [darkRoleColors.right, darkInk.ground],
      [darkRoleColors.wrong, darkInk.ground],
    ]) {
      expect(leastDistance(pair, vision[kind])).toBeGreaterThan(25);
    }
  });
});

it('on a dark ground every class has three times its luminance', () => {
  const luminance = (color: string): number => {
    const [r, g, b] = linear(color);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  for (const label of classColors.keys()) {
    const contrast = luminance(classColorOnDark(label)) / luminance(darkInk.ground);
    expect(contrast).toBeGreaterThan(3);
  }
});

it('begins anew after the last class', () => expect(classColor(12)).toBe(classColors[2]));

describe('assignLineColors', () => {
  it('gives the roles theirs and no other line the same', () => {
    const colors = assignLineColors(['a', 'train', 'b', 'published', 'a']);
    expect(colors.get('train')).toBe(roleColors.train);
    expect(colors.get('published')).toBe(roleColors.published);
    const shown = ['a', 'train', 'b', 'published'].map((name) => colors.get(name));
    expect(new Set(shown).size).toBe(4);
  });

  it('serves more names than colours, and names of object members', () => {
    const names = ['__proto__', 'constructor', ...Array.from({ length: 20 }, (_, i) => `run ${i}`)];
    const colors = assignLineColors(names);
    for (const name of names) expect(lineColors).toContain(colors.get(name));
  });
});

it('runs from white to dark on the sequential scale', () => {
  expect(sequentialColor(0)).toEqual([255, 255, 255]);
  expect(sequentialColor(1)).toEqual([8, 48, 107]);
  expect(sequentialColor(7)).toEqual(sequentialColor(1));
  const lightness = Array.from({ length: 50 }, (_, i) => sequentialColor(i / 49)[1]);
  expect(lightness).toEqual([...lightness].sort((a, b) => b - a));
});
