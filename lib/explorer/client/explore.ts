import type { Payload } from '../payload';
import { createAnnouncer } from './announcer';
import { decode } from './data';
import { element, iconButton } from './elements';
import { watchGestures } from './gestures';
import { createImages } from './images';
import { createLegend } from './legend';
import { createPanel } from './panel';
import { createPlot } from './plot';
import { createStore } from './state';
import { STYLE } from './style';
import { currentTheme, watchTheme } from './theme';
import { createTimeline } from './timeline';
import { createErrorFilter, createSearch, createSwitch } from './toolbar';
import { createTooltip } from './tooltip';

/**
 * Makes `root` an explorer of `payload`. It lives in a shadow tree: no style of the page reaches in,
 * none leaks out, and ids and names in it are its own. What stood in `root` is no longer shown.
 */
export function explore(root: HTMLElement, payload: Payload): void {
  const data = decode(payload);
  const store = createStore();
  const shadow = root.attachShadow({ mode: 'open' });

  const images = createImages(payload.images, () => currentTheme().dark, refresh);
  const plot = createPlot(data, store, images, () => tooltip.place());
  const tooltip = createTooltip(data, store, plot, images);
  const legend = createLegend(data, store);
  const panel = createPanel(data, store, images, go);
  const search = createSearch(data, store, (i) => plot.reveal(i));
  const timeline = createTimeline(data, store);
  watchGestures(plot, store);

  function go(i: number): void {
    store.change({ selected: i, hovered: undefined });
    plot.reveal(i);
  }

  /** Takes the theme of the page, and the images once they are there. */
  function refresh(): void {
    root.dataset.theme = currentTheme().dark ? 'dark' : 'light';
    images.refresh(shadow);
    legend.refresh();
    panel.refresh();
    plot.redraw();
  }

  const zoomButtons = element(
    'div',
    { class: 'zoom', role: 'group', 'aria-label': 'Zoom' },
    iconButton('plus', 'Zoom in (+)', () => plot.zoom(1.5)),
    iconButton('minus', 'Zoom out (−)', () => plot.zoom(1 / 1.5)),
    iconButton('whole', 'Show all (0)', () => plot.reset()),
  );
  const frame = element(
    'div',
    { class: 'frame' },
    element('header', {}, element('h2', {}, payload.title), createSwitch(data, store)),
    element('div', { class: 'tools' }, legend.root, createErrorFilter(data, store), search),
    element(
      'div',
      { class: 'body' },
      element(
        'div',
        { class: 'main' },
        element('div', { class: 'stage' }, plot.canvas, tooltip.root, zoomButtons),
        ...(timeline ? [timeline] : []),
      ),
      panel.root,
    ),
    ...(payload.caption ? [element('p', { class: 'caption' }, payload.caption)] : []),
    createAnnouncer(data, store),
  );
  frame.addEventListener('keydown', (event) => {
    const isTyping = event.composedPath()[0] instanceof HTMLInputElement;
    if (event.key === 'Escape') {
      store.change({ selected: undefined });
    } else if (event.key === '/' && !isTyping) {
      event.preventDefault();
      search.querySelector('input')?.focus();
    }
  });
  shadow.append(element('style', {}, STYLE), frame);
  watchTheme(refresh);
  refresh();
}
