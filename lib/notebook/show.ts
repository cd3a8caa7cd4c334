import { randomUUID } from 'node:crypto';
import type { Figure, PlotlySpecification } from '../figure/figure';
import { display, inNotebook, type DisplayBundle } from './display';
import { escapeMarkup } from '../figure/escape';
import { scriptJson } from '../figure/script-text';
import { PLOTLY_CONFIG, plotlyBundle } from './plotly-bundle';

/** 'live' figures carry scripts and data, 'still' ones are pictures alone. */
export type FigureMode = 'live' | 'still';

export interface ShowOptions {
  /** Default: the environment variable TRIPLETLAB_FIGURES, else 'live'. */
  mode?: FigureMode;
}

/** The output metadata that marks the script of {@link enableFigures}. */
export const SCRIPT_ONLY = { tripletlab: { scriptOnly: true } };

/**
 * Makes the figures of a notebook interactive: puts out the script that draws them, once a notebook
 * in its first cell. A figure that is shown without it, or before it, is a picture until it comes.
 * With still figures, and outside a notebook, it does nothing.
 */
export function enableFigures(): void {
  if (!inNotebook() || defaultMode() === 'still') {
    return;
  }
  const script = `
if (!window.Plotly) {
${plotlyBundle()}
}
(window.tripletlabFigures || []).splice(0).forEach(function (draw) { draw(); });`;
  display({
    data: { 'text/html': `<script>${script}</script>`, 'text/plain': 'Figures are interactive.' },
    metadata: SCRIPT_ONLY,
  });
}

/** Shows a figure under the running cell; outside a notebook it prints what the figure shows. */
export function show(figure: Figure, options: ShowOptions = {}): void {
  if (inNotebook()) {
    display(figureBundle(figure, options.mode ?? defaultMode()));
  } else {
    console.log(figure.alt);
  }
}

/**
 * The MIME bundle of a figure. Always a PNG and the description, and of a table its HTML; besides,
 * where it is live, HTML with the script that draws it, and of a plotly figure its description in
 * plotly's own MIME type.
 */
export function figureBundle(figure: Figure, mode: FigureMode): DisplayBundle {
  const { alt, width, height, interactive } = figure;
  const png = Buffer.from(figure.png()).toString('base64');
  const still = { 'image/png': png, 'text/plain': alt };
  const metadata = { 'image/png': { width, height }, tripletlab: { alt } };
  if (!('plotly' in interactive)) {
    const { html, scriptedHtml = html }: { html?: string; scriptedHtml?: string } = interactive;
    const chosen = mode === 'live' ? scriptedHtml : html;
    return { data: chosen === undefined ? still : { 'text/html': chosen, ...still }, metadata };
  }
  if (mode === 'still') {
    return { data: still, metadata };
  }
  const { plotly } = interactive;
  return {
    data: {
      'application/vnd.plotly.v1+json': { ...plotly, config: PLOTLY_CONFIG },
      'text/html': plotlyHtml(plotly, figure, png),
      ...still,
    },
    metadata,
  };
}

/**
 * A picture that becomes a plot once plotly is there: at once, or when enableFigures brings it. The
 * white ground keeps a figure readable on a dark page.
 */
function plotlyHtml(plotly: PlotlySpecification, figure: Figure, png: string): string {
  const { alt, width, height } = figure;
  const id = `figure-${randomUUID()}`;
  const specification = scriptJson({ ...plotly, config: PLOTLY_CONFIG });
  return `<div id="${id}" role="img" aria-label="${escapeMarkup(alt)}"
  style="max-width:${width}px;background:#fff;color:#000">
<img alt="${escapeMarkup(alt)}" width="${width}" height="${height}" src="data:image/png;base64,${png}"
  style="max-width:100%;height:auto">
</div>
<script>
(function (figure) {
  function draw() {
    var place = document.getElementById('${id}');
    if (!place) return;
    place.textContent = '';
    place.style.height = '${height}px';
    window.Plotly.newPlot(place, figure.data, figure.layout, figure.config);
  }
  if (window.Plotly) draw();
  else (window.tripletlabFigures = window.tripletlabFigures || []).push(draw);
})(${specification});
</script>`;
}

/** How figures are shown unless told: live, or as `tripletlab notebooks --save` wants them, still. */
export function defaultMode(): FigureMode {
  return process.env.TRIPLETLAB_FIGURES === 'still' ? 'still' : 'live';
}
