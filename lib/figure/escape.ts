/** Escapes `text` for use as text or as a quoted attribute in HTML and SVG. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/**
 * Escapes `text` for plotly.js, which reads a subset of HTML in names, titles and annotations, and
 * TeX between dollar signs where MathJax is loaded. Empty text becomes a no-break space, because
 * plotly replaces an empty name with one of its own.
 */
export function escapePlotly(text: string): string {
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return escaped.replace(/\$/g, '&#36;') || '\u00a0';
}
