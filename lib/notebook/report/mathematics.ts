import katex from 'katex';

/** TeX as MathML, which browsers draw without fonts of the page; wrong TeX is shown in red. */
export function renderTex(tex: string, displayMode: boolean): string {
  return katex.renderToString(tex, {
    displayMode,
    output: 'mathml',
    throwOnError: false,
    strict: 'ignore',
    trust: false,
    maxExpand: 1000,
  });
}
