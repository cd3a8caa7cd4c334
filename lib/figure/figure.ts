/**
 * A plotly.js description: traces and layout as JSON, without typed arrays or functions. The layout
 * has the figure's height and takes its width from the element it is drawn in.
 */
export interface PlotlySpecification {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
}

/**
 * One figure in its two forms: interactive, for a live notebook and a report, and still, for places
 * that run no scripts (a code-hosting site, an untrusted notebook, print).
 */
export interface Figure {
  /** What the figure shows, in a sentence, for those who cannot see it. */
  alt: string;
  /** Width in CSS pixels. */
  width: number;
  /** Height in CSS pixels. */
  height: number;
  /**
   * The interactive form: a plotly description, HTML that contains no script, or HTML with a script of
   * its own that needs nothing else. Of two HTML forms the one without script stands where none runs.
   */
  interactive:
    | { plotly: PlotlySpecification }
    | { html: string }
    | { html: string; scriptedHtml: string }
    | { scriptedHtml: string };
  /** Draws the still form: a PNG at twice the CSS pixels. */
  png(): Uint8Array;
}
