import { neighboursOf } from './data';
import { dotRadius, type Scene } from './dots';
import { isShown } from './state';
import { toPlot } from './view';
import type { Images } from './images';

const FONT = '600 12px system-ui, -apple-system, "Segoe UI", sans-serif';

/** The names of the classes, where they do not cover one another. */
export function drawNames(
  context: CanvasRenderingContext2D,
  { data, state, view, size, theme }: Scene,
  anchors: Float32Array,
): void {
  context.font = FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3.5;
  context.strokeStyle = theme.ground;
  context.fillStyle = theme.text;
  const placed: { x: number; y: number; half: number }[] = [];
  data.classNames.forEach((name, label) => {
    if (state.hidden.has(label) || Number.isNaN(anchors[2 * label])) return;
    const [x, y] = toPlot(view, size, anchors[2 * label], anchors[2 * label + 1]);
    const half = context.measureText(name).width / 2 + 3;
    if (
      placed.some(
        (other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 16,
      )
    ) {
      return;
    }
    placed.push({ x, y, half });
    context.strokeText(name, x, y);
    context.fillText(name, x, y);
  });
}

/**
 * The selected point, with lines to its neighbours, and the point under the pointer.
 *
 * @param pictured whether the points are drawn as images
 */
export function drawSelection(
  context: CanvasRenderingContext2D,
  scene: Scene,
  pictured: boolean,
): void {
  const { data, state, theme } = scene;
  const frame = pictured ? frameImage : ringDot;
  if (state.selected !== undefined) {
    const neighbours = neighboursOf(data, state.selected);
    const [x, y] = placeOf(scene, state.selected);
    context.lineWidth = 1.25;
    for (const { index, sameClass } of neighbours) {
      context.globalAlpha = 0.75;
      context.strokeStyle = sameClass ? theme.right : theme.wrong;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(...placeOf(scene, index));
      context.stroke();
    }
    context.globalAlpha = 1;
    for (const { index, sameClass } of neighbours) {
      frame(context, scene, index, 2.5, sameClass ? theme.right : theme.wrong);
    }
    frame(context, scene, state.selected, 5, theme.text);
  }
  if (state.hovered !== undefined && state.hovered !== state.selected) {
    frame(context, scene, state.hovered, 4, theme.text);
  }
}

/** A ring at `distance` round a dot, which is drawn again: others may have covered it. */
function ringDot(
  context: CanvasRenderingContext2D,
  scene: Scene,
  i: number,
  distance: number,
  color: string,
): void {
  const [x, y] = placeOf(scene, i);
  const radius = dotRadius(scene);
  context.beginPath();
  context.arc(x, y, radius + distance, 0, 2 * Math.PI);
  strokeOnGround(context, scene, color);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = scene.theme.classColor(scene.data.labels[i]);
  context.fill();
}

/** The same round an image. */
function frameImage(
  context: CanvasRenderingContext2D,
  scene: Scene,
  i: number,
  distance: number,
  color: string,
): void {
  const [x, y] = placeOf(scene, i);
  const half = SIDE / 2 + 1 + distance;
  context.beginPath();
  context.rect(x - half, y - half, 2 * half, 2 * half);
  strokeOnGround(context, scene, color);
}

/** Strokes the path on a ground of its own, so that it is seen on any colours. */
function strokeOnGround(context: CanvasRenderingContext2D, { theme }: Scene, color: string): void {
  context.lineWidth = 4.5;
  context.strokeStyle = theme.ground;
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = color;
  context.stroke();
}

/** Where point `i` is in the plot. */
function placeOf({ positions, view, size }: Scene, i: number): [number, number] {
  return toPlot(view, size, positions[2 * i], positions[2 * i + 1]);
}

/** At most so many images are drawn in place of their dots, this large, from this zoom on. */
const CROWD = 160;
const SIDE = 28;
const CLOSE = 4;

/**
 * Seen so closely that few points are left, each is drawn as its image, framed in its colour.
 *
 * @returns whether they are
 */
export function drawImages(
  context: CanvasRenderingContext2D,
  scene: Scene,
  images: Images,
): boolean {
  const { data, state, view, size, theme } = scene;
  if (view.zoom < CLOSE) return false;
  const seen: { i: number; x: number; y: number }[] = [];
  for (let i = 0; i < data.count; i++) {
    const [x, y] = placeOf(scene, i);
    const inside = x > -SIDE && y > -SIDE && x < size.width + SIDE && y < size.height + SIDE;
    if (inside && isShown(data, state, i)) seen.push({ i, x, y });
    if (seen.length > CROWD) return false;
  }
  for (const { i, x, y } of seen) {
    const [left, top] = [Math.round(x - SIDE / 2), Math.round(y - SIDE / 2)];
    context.fillStyle = theme.classColor(data.labels[i]);
    context.fillRect(left - 2, top - 2, SIDE + 4, SIDE + 4);
    images.draw(context, i, { left, top, side: SIDE });
  }
  return true;
}
