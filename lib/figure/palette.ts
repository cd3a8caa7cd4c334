/**
 * The colours of both forms of a figure. All of them can be told apart on white, and with a colour
 * vision deficiency (a test simulates the three kinds).
 */

/**
 * Ten colours for classes: the accessible ten-colour sequence of Matthew A. Petroff, "Accessible
 * Color Sequences for Data Visualization" (2021, arXiv:2107.02270), in its published order.
 */
export const classColors: readonly string[] = [
  '#3f90da',
  '#ffa90e',
  '#bd1f01',
  '#94a4a2',
  '#832db6',
  '#a96b59',
  '#e76300',
  '#b9ac70',
  '#717581',
  '#92dadd',
];

/**
 * Seven colours for lines: those of Masataka Okabe and Kei Ito, "Color Universal Design" (2008),
 * without the yellow, which is too faint for a line on white.
 */
export const lineColors: readonly string[] = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#000000',
];

/** The colours of lines and marks that keep their meaning from figure to figure. */
export const roleColors = {
  train: '#0072b2',
  validation: '#d55e00',
  ours: '#0072b2',
  published: '#4d4d4d',
  right: '#0072b2',
  wrong: '#d55e00',
} as const;

/** Right and wrong on a dark ground, where the colours above are too dark. */
export const darkRoleColors = { right: '#56b4e9', wrong: '#e69f00' } as const;

/** The greys of text, grid lines and the ground. */
export const ink = {
  text: '#1f2328',
  muted: '#59636e',
  axis: '#8c959f',
  grid: '#e6e9ec',
  ground: '#ffffff',
} as const;

/** The same on a dark page. */
export const darkInk = {
  text: '#d9dee3',
  muted: '#929aa3',
  axis: '#6b747d',
  grid: '#343a41',
  ground: '#15181c',
} as const;

/**
 * Five steps from white to dark blue, evenly spaced in lightness, for magnitudes: after the
 * sequential 'Blues' of ColorBrewer (Cynthia Brewer), with white as zero.
 */
export const sequentialColors: readonly string[] = [
  '#ffffff',
  '#c6dbef',
  '#6baed6',
  '#2171b5',
  '#08306b',
];

/** The colour of class `label`; an eleventh class begins the sequence anew. */
export function classColor(label: number): string {
  return classColors[label % classColors.length];
}

/**
 * The colour of class `label` on a dark ground: a tenth of the way to white, which gives the darkest
 * three times the luminance of the ground.
 */
export function classColorOnDark(label: number): string {
  const lighter = channels(classColor(label)).map((c) => Math.round(c + 0.1 * (255 - c)));
  return `#${lighter.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * A colour for each line: a name that is one of the roles ('train', 'validation', 'ours',
 * 'published') gets the role's, the others get the line colours that remain, in order.
 */
export function assignLineColors(names: readonly string[]): Map<string, string> {
  const roles = new Map<string, string>(Object.entries(roleColors));
  const taken = new Set(names.map((name) => roles.get(name)));
  const free = lineColors.filter((color) => !taken.has(color));
  const others = [...new Set(names)].filter((name) => !roles.has(name));
  return new Map([
    ...roles,
    ...others.map((name, i): [string, string] => [name, free[i % free.length]]),
  ]);
}

/** The colour at `t` in [0, 1] on the sequential scale, as [red, green, blue] in 0..255. */
export function sequentialColor(t: number): [number, number, number] {
  const steps = sequentialColors.length - 1;
  const place = Math.min(1, Math.max(0, t)) * steps;
  const below = Math.min(steps - 1, Math.floor(place));
  const from = channels(sequentialColors[below]);
  const to = channels(sequentialColors[below + 1]);
  const mix = (c: 0 | 1 | 2): number => Math.round(from[c] + (place - below) * (to[c] - from[c]));
  return [mix(0), mix(1), mix(2)];
}

/** Whether `text` is a colour as figures take them: '#rrggbb'. */
export function isColor(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/** The channels of '#rrggbb', each in 0..255. */
export function channels(color: string): [number, number, number] {
  const value = parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
