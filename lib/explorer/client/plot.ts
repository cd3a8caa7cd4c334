import { classAnchors } from './class-anchors';
import type { ExplorerData } from './data';
import { drawDots, type Scene } from './dots';
import { element } from './elements';
import type { Images } from './images';
import { drawImages, drawNames, drawSelection } from './marks';
import { gentle, linear, move } from './motion';
import type { Sheet } from './stamps';
import { isShown, type Store } from './state';
import { currentTheme } from './theme';
import {
  between,
  HOME,
  isHome,
  limited,
  panned,
  toPlot,
  zoomed,
  type Size,
  type View,
} from './view';

/** How long points take from one placement to another, in milliseconds. */
const TRANSITION = 900;
/** The same from one epoch to another. */
export const EPOCH_TRANSITION = 600;
const VIEW_TRANSITION = 350;

/** The points on a canvas, and the part of the plane that it shows. */
export interface Plot {
  canvas: HTMLCanvasElement;
  size(): Size;
  view(): View;
  pan(right: number, down: number): void;
  /** Zooms about a place of the plot; default: its middle. */
  zoom(factor: number, left?: number, top?: number): void;
  /** Goes back to the whole of the points. */
  reset(): void;
  /** Where point `i` is, in CSS pixels. */
  place(i: number): [number, number];
  /** Brings point `i` into the middle if it is not in the plot. */
  reveal(i: number): void;
  /** The nearest of the shown points within `reach` CSS pixels. */
  pointAt(left: number, top: number, reach: number): number | undefined;
  /** Draws in the next frame. */
  redraw(): void;
}

/** @param onDraw is called after every frame */
export function createPlot(
  data: ExplorerData,
  store: Store,
  images: Images,
  onDraw: () => void,
): Plot {
  const canvas = element('canvas', {
    class: 'plot',
    tabindex: '0',
    role: 'application',
    'aria-label':
      'Plot of the points. Arrow keys move, plus and minus zoom, 0 shows all, Enter selects the ' +
      'point nearest to the middle.',
  });
  // Its pixels are computed here: it is better kept in memory than on a graphics card.
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const positions = data.placements[0].points.slice();
  const anchors = classAnchors(data, positions);
  let view = HOME;
  let sheet: Sheet | undefined;
  let frame = 0;
  let endMotion = (): void => undefined;
  let endFlight = (): void => undefined;

  const size = (): Size => ({ width: canvas.clientWidth, height: canvas.clientHeight });

  function draw(): void {
    frame = 0;
    const { width, height } = size();
    if (width === 0 || height === 0) return;
    const density = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * density)) canvas.width = Math.round(width * density);
    if (canvas.height !== Math.round(height * density))
      canvas.height = Math.round(height * density);
    const theme = currentTheme();
    const scene: Scene = {
      data,
      state: store.state,
      positions,
      view,
      size: { width, height },
      theme,
      density,
    };
    sheet = drawDots(context, scene, sheet);
    context.setTransform(density, 0, 0, density, 0, 0);
    const pictured = drawImages(context, scene, images);
    if (!pictured) drawNames(context, scene, anchors);
    drawSelection(context, scene, pictured);
    onDraw();
  }

  function redraw(): void {
    frame ||= requestAnimationFrame(draw);
  }

  function look(next: View): void {
    view = next;
    // At home a finger scrolls the page; there is nothing to move to.
    canvas.style.touchAction = isHome(view) ? 'pan-y' : 'none';
    redraw();
  }

  function fly(to: View): void {
    endFlight();
    const from = view;
    endFlight = move(VIEW_TRANSITION, gentle, (t) => look(t === 1 ? to : between(from, to, t)));
  }

  /** Moves points and names to a placement. */
  function moveTo(placement: number, milliseconds: number, easing: typeof gentle): void {
    endMotion();
    const target = data.placements[placement].points;
    const targetAnchors = classAnchors(data, target);
    const [from, anchorsFrom] = [positions.slice(), anchors.slice()];
    endMotion = move(milliseconds, easing, (t) => {
      mix(positions, from, target, t);
      mix(anchors, anchorsFrom, targetAnchors, t);
      redraw();
    });
  }

  store.listen((state, before) => {
    if (state.placement !== before.placement) {
      const isTraining = Math.min(state.placement, before.placement) >= data.firstEpoch;
      if (isTraining) moveTo(state.placement, EPOCH_TRANSITION, linear);
      else moveTo(state.placement, TRANSITION, gentle);
    }
    redraw();
  });
  new ResizeObserver(redraw).observe(canvas);
  look(HOME);

  const place = (i: number): [number, number] =>
    toPlot(view, size(), positions[2 * i], positions[2 * i + 1]);

  return {
    canvas,
    size,
    view: () => view,
    redraw,
    place,
    pan(right, down) {
      endFlight();
      look(panned(view, size(), right, down));
    },
    zoom(factor, left = size().width / 2, top = size().height / 2) {
      endFlight();
      look(zoomed(view, size(), factor, left, top));
    },
    reset: () => fly(HOME),
    reveal(i) {
      const { width, height } = size();
      const [x, y] = place(i);
      const isInside = x > 10 && y > 10 && x < width - 10 && y < height - 10;
      if (!isInside) fly(limited({ ...view, x: positions[2 * i], y: positions[2 * i + 1] }));
    },
    pointAt(left, top, reach) {
      let nearest: number | undefined;
      let least = reach ** 2;
      for (let i = 0; i < data.count; i++) {
        const [x, y] = place(i);
        const distance = (x - left) ** 2 + (y - top) ** 2;
        if (distance < least && isShown(data, store.state, i)) {
          least = distance;
          nearest = i;
        }
      }
      return nearest;
    },
  };
}

/** Writes into `out` what lies between `from` and `to` at t. */
function mix(out: Float32Array, from: Float32Array, to: Float32Array, t: number): void {
  for (let i = 0; i < out.length; i++) out[i] = from[i] + (to[i] - from[i]) * t;
}
