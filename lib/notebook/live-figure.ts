import type { Figure } from '../figure/figure';
import { inNotebook, liveDisplay } from './display';
import { defaultMode, figureBundle } from './show';

/**
 * A place under the running cell for a figure that changes while the cell runs: each figure that it is
 * given takes the place of the one before. Outside a notebook it does nothing.
 *
 *     const place = liveFigure();
 *     place(comparisonTable(runs, { title: 'So far' }));
 */
export function liveFigure(): (figure: Figure) => void {
  if (!inNotebook()) return () => undefined;
  const show = liveDisplay();
  return (figure) => show(figureBundle(figure, defaultMode()));
}
