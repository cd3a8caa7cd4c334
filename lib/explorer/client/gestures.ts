import type { Plot } from './plot';
import type { Store } from './state';
import { isHome } from './view';

/** How near to a point the pointer must be, in CSS pixels. */
const REACH = 12;
/** How far a pointer may move and still mean a click. */
const STILL = 4;
/** A turn of the wheel by one notch (100) zooms by a factor of 1.2. */
const WHEEL = Math.log(1.2) / 100;
/** Turns of the wheel less than so many milliseconds apart are one. */
const ONE_TURN = 400;
const KEY_STEP = 40;
const KEY_ZOOM = 1.3;

/** Pointer, wheel and keys on the plot: they move the view, and select. */
export function watchGestures(plot: Plot, store: Store): void {
  watchPointers(plot, store);
  watchWheel(plot);
  watchKeys(plot, store);
}

/** One pointer drags, hovers and clicks; two pinch. */
function watchPointers(plot: Plot, store: Store): void {
  const { canvas } = plot;
  const down = new Map<number, [number, number]>();
  let travelled = 0;

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (down.size === 0) travelled = 0;
    // Two fingers are no click.
    else travelled = Infinity;
    down.set(event.pointerId, placeOf(event));
    canvas.setPointerCapture(event.pointerId);
  });

  canvas.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId);
    const now = placeOf(event);
    if (!before) {
      if (event.pointerType !== 'touch') hover(plot, store, now);
      return;
    }
    const others = [...down].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    down.set(event.pointerId, now);
    travelled += distance(before, now);
    if (others.length === 1) {
      pinch(plot, others[0], before, now);
    } else if (travelled > STILL) {
      store.change({ hovered: undefined });
      plot.pan(now[0] - before[0], now[1] - before[1]);
    }
  });

  canvas.addEventListener('pointerup', (event) => {
    if (!down.delete(event.pointerId) || down.size > 0 || travelled > STILL) return;
    const reach = event.pointerType === 'touch' ? 2 * REACH : REACH;
    store.change({ selected: plot.pointAt(...placeOf(event), reach), hovered: undefined });
  });
  canvas.addEventListener('pointercancel', (event) => {
    down.delete(event.pointerId);
  });
  canvas.addEventListener('pointerleave', () => store.change({ hovered: undefined }));
  canvas.addEventListener('dblclick', () => plot.reset());
}

function hover(plot: Plot, store: Store, place: [number, number]): void {
  const hovered = plot.pointAt(...place, REACH);
  plot.canvas.style.cursor = hovered === undefined ? 'grab' : 'pointer';
  if (hovered !== store.state.hovered) store.change({ hovered });
}

/** What is between two fingers stays between them. */
function pinch(
  plot: Plot,
  other: [number, number],
  before: [number, number],
  now: [number, number],
): void {
  const middle = (a: [number, number]): [number, number] => [
    (a[0] + other[0]) / 2,
    (a[1] + other[1]) / 2,
  ];
  const [from, to] = [middle(before), middle(now)];
  plot.pan(to[0] - from[0], to[1] - from[1]);
  plot.zoom(distance(now, other) / Math.max(1, distance(before, other)), ...to);
}

/**
 * The wheel zooms about the pointer. A turn that began as scrolling goes on scrolling: one that
 * brought the plot under a pointer at rest, or that zooms out where there is nothing more to see.
 */
function watchWheel(plot: Plot): void {
  const { canvas } = plot;
  let isOver = false;
  let scrolledAt = -Infinity;
  canvas.addEventListener('pointerenter', () => (isOver = true));
  canvas.addEventListener('pointerleave', () => (isOver = false));
  canvas.addEventListener('pointermove', (event) => {
    if (event.movementX !== 0 || event.movementY !== 0) scrolledAt = -Infinity;
  });
  canvas.addEventListener(
    'wheel',
    (event) => {
      const isPinch = event.ctrlKey;
      const goesOn = !isOver || event.timeStamp - scrolledAt < ONE_TURN;
      const goesOut = event.deltaY > 0 && isHome(plot.view());
      if (!isPinch && (goesOn || goesOut)) {
        scrolledAt = event.timeStamp;
        return;
      }
      event.preventDefault();
      // Lines, or pages, instead of pixels.
      const pixels = event.deltaY * [1, 33, 400][event.deltaMode];
      plot.zoom(Math.exp(-pixels * WHEEL * (isPinch ? 5 : 1)), ...placeOf(event));
    },
    { passive: false },
  );
}

function watchKeys(plot: Plot, store: Store): void {
  const actions: Record<string, () => void> = {
    ArrowLeft: () => plot.pan(KEY_STEP, 0),
    ArrowRight: () => plot.pan(-KEY_STEP, 0),
    ArrowUp: () => plot.pan(0, KEY_STEP),
    ArrowDown: () => plot.pan(0, -KEY_STEP),
    '+': () => plot.zoom(KEY_ZOOM),
    '=': () => plot.zoom(KEY_ZOOM),
    '-': () => plot.zoom(1 / KEY_ZOOM),
    '0': () => plot.reset(),
    Home: () => plot.reset(),
    Enter: () => {
      const { width, height } = plot.size();
      store.change({ selected: plot.pointAt(width / 2, height / 2, Infinity) });
    },
  };
  plot.canvas.addEventListener('keydown', (event) => {
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
}

/** Where an event is in the plot, in CSS pixels. */
function placeOf(event: MouseEvent): [number, number] {
  return [event.offsetX, event.offsetY];
}

function distance(a: [number, number], b: [number, number]): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
