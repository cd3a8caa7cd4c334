/** The part of the plane that is seen. Points lie in the unit square. */
export interface View {
  /** What stands in the middle of the plot. */
  x: number;
  y: number;
  /** 1: the unit square fits. */
  zoom: number;
}

/** Size of the plot in CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The whole unit square. */
export const HOME: View = { x: 0.5, y: 0.5, zoom: 1 };

/** Space round the unit square at home, in CSS pixels. */
const MARGIN = 20;

const MOST_ZOOM = 80;

/** CSS pixels for a side of the unit square. */
export function pixelsPerUnit({ zoom }: View, { width, height }: Size): number {
  return zoom * Math.max(1, Math.min(width, height) - 2 * MARGIN);
}

/** Where a point of the plane is in the plot, in CSS pixels from the upper left corner. */
export function toPlot(view: View, size: Size, x: number, y: number): [number, number] {
  const scale = pixelsPerUnit(view, size);
  return [(x - view.x) * scale + size.width / 2, (y - view.y) * scale + size.height / 2];
}

/** The reverse of `toPlot`. */
export function toPlane(view: View, size: Size, left: number, top: number): [number, number] {
  const scale = pixelsPerUnit(view, size);
  return [(left - size.width / 2) / scale + view.x, (top - size.height / 2) / scale + view.y];
}

/** `factor` times as large; what is at (left, top) of the plot stays there. */
export function zoomed(view: View, size: Size, factor: number, left: number, top: number): View {
  const zoom = Math.min(MOST_ZOOM, Math.max(HOME.zoom, view.zoom * factor));
  const [x, y] = toPlane(view, size, left, top);
  const kept = view.zoom / zoom;
  return limited({ x: x + (view.x - x) * kept, y: y + (view.y - y) * kept, zoom });
}

/** Moved so that what is seen goes by (right, down) CSS pixels. */
export function panned(view: View, size: Size, right: number, down: number): View {
  const scale = pixelsPerUnit(view, size);
  return limited({ ...view, x: view.x - right / scale, y: view.y - down / scale });
}

/** Whether everything is seen. */
export function isHome(view: View): boolean {
  return view.zoom === HOME.zoom;
}

/** The nearest view that shows nothing beyond the unit square. */
export function limited({ x, y, zoom }: View): View {
  const edge = 0.5 / zoom;
  const inside = (value: number): number => Math.min(1 - edge, Math.max(edge, value));
  return { x: inside(x), y: inside(y), zoom };
}

/** On the way from `a` to `b`, t from 0 to 1; the zoom goes in equal factors. */
export function between(a: View, b: View, t: number): View {
  const mix = (from: number, to: number): number => from + (to - from) * t;
  return { x: mix(a.x, b.x), y: mix(a.y, b.y), zoom: a.zoom * (b.zoom / a.zoom) ** t };
}
