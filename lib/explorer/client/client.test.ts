import { describe, expect, it } from 'vitest';
import { isolated, toggled } from './state';
import { between, HOME, isHome, panned, toPlane, toPlot, zoomed, type View } from './view';

const size = { width: 600, height: 400 };

describe('view', () => {
  it('shows the whole square at home', () => {
    for (const [x, y] of [
      [0, 0],
      [1, 1],
    ]) {
      const [left, top] = toPlot(HOME, size, x, y);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(600);
      expect(top).toBeGreaterThan(0);
      expect(top).toBeLessThan(400);
    }
  });

  it('goes to the plot and back', () => {
    const view = { x: 0.3, y: 0.6, zoom: 7 };
    const [left, top] = toPlot(view, size, 0.42, 0.17);
    const [x, y] = toPlane(view, size, left, top);
    expect(x).toBeCloseTo(0.42, 10);
    expect(y).toBeCloseTo(0.17, 10);
  });

  it('zooms about a place, in and out again', () => {
    const start: View = { x: 0.5, y: 0.4, zoom: 3 };
    const before = toPlane(start, size, 250, 150);
    const near = zoomed(start, size, 4, 250, 150);
    expect(near.zoom).toBe(12);
    toPlane(near, size, 250, 150).forEach((value, i) => expect(value).toBeCloseTo(before[i], 10));
    const back = zoomed(near, size, 1 / 4, 250, 150);
    expect(back.x).toBeCloseTo(start.x, 10);
    expect(back.y).toBeCloseTo(start.y, 10);
  });

  it('follows a drag, and stops at the edge of the square', () => {
    const view = { x: 0.5, y: 0.5, zoom: 4 };
    const at = toPlot(view, size, 0.4, 0.5);
    const moved = toPlot(panned(view, size, 30, -20), size, 0.4, 0.5);
    expect(moved[0] - at[0]).toBeCloseTo(30, 8);
    expect(moved[1] - at[1]).toBeCloseTo(-20, 8);
    const far = panned(view, size, 1e6, 1e6);
    expect(toPlot(far, size, 0, 0)[0]).toBeGreaterThanOrEqual(0);
    expect(far).toEqual({ x: 0.125, y: 0.125, zoom: 4 });
  });

  it('comes home by zooming out, wherever it was', () => {
    const away = zoomed(panned(zoomed(HOME, size, 9, 10, 10), size, 90, -70), size, 1e-3, 5, 5);
    expect(away).toEqual(HOME);
    expect(isHome(away)).toBe(true);
    expect(zoomed(HOME, size, 1e9, 0, 0).zoom).toBeLessThan(1e3);
  });

  it('flies from one view to another', () => {
    const there = { x: 0.2, y: 0.9, zoom: 16 };
    expect(between(HOME, there, 0)).toEqual(HOME);
    expect(between(HOME, there, 0.5).zoom).toBeCloseTo(4, 10);
    expect(between(HOME, there, 1).x).toBeCloseTo(0.2, 10);
  });
});

describe('classes', () => {
  it('are switched off and on', () => {
    expect([...toggled(new Set([1]), 2)]).toEqual([1, 2]);
    expect([...toggled(new Set([1, 2]), 1)]).toEqual([2]);
  });

  it('are shown alone, and all again', () => {
    expect([...isolated(new Set(), 1, 3)]).toEqual([0, 2]);
    expect([...isolated(new Set([0, 2]), 1, 3)]).toEqual([]);
    expect([...isolated(new Set([0, 1]), 1, 3)]).toEqual([0, 2]);
  });
});
