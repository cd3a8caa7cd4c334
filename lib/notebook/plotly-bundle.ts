import { readFileSync } from 'node:fs';
import { scriptSource } from '../figure/script-text';

let code: string | undefined;

/**
 * The code of plotly.js (its cartesian build) as it may stand in a script element. It defines
 * `window.Plotly`, also on pages with a module loader of their own: the names by which it would find
 * one are hidden from it.
 */
export function plotlyBundle(): string {
  code ??= scriptSource(
    readFileSync(require.resolve('plotly.js-cartesian-dist-min/plotly-cartesian.min.js'), 'utf8'),
  );
  return `(function (define, module, exports) {\n${code}\n}).call(window);`;
}

/** Settings of every interactive figure. */
export const PLOTLY_CONFIG = { responsive: true, displaylogo: false } as const;
