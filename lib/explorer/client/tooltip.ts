import type { ExplorerData } from './data';
import { element, whole } from './elements';
import type { Images } from './images';
import { className, verdict } from './panel';
import type { Plot } from './plot';
import type { Store } from './state';

const SIDE = 56;
/** From the point to the card, in CSS pixels. */
const GAP = 12;

/** A card beside the point under the pointer: its image, class and index. */
export function createTooltip(
  data: ExplorerData,
  store: Store,
  plot: Plot,
  images: Images,
): { root: HTMLElement; place(): void } {
  const root = element('div', { class: 'tooltip', 'aria-hidden': 'true' });

  /** Beside the point, on the side where there is room. */
  function place(): void {
    const { hovered } = store.state;
    if (hovered === undefined) return;
    const { width, height } = plot.size();
    const [x, y] = plot.place(hovered);
    const left = x + GAP + root.offsetWidth > width ? x - GAP - root.offsetWidth : x + GAP;
    const top = Math.min(height - root.offsetHeight - 4, Math.max(4, y - root.offsetHeight / 2));
    root.style.transform = `translate(${Math.round(Math.max(4, left))}px, ${Math.round(top)}px)`;
  }

  function update(): void {
    const { hovered } = store.state;
    root.hidden = hovered === undefined;
    if (hovered === undefined) return;
    root.replaceChildren(
      images.thumbnail(hovered, SIDE),
      element(
        'div',
        { class: 'facts' },
        className(data, data.labels[hovered]),
        element('span', { class: 'quiet' }, `#${whole(hovered)}`),
        verdict(data, hovered),
      ),
    );
    place();
  }

  store.listen((state, before) => {
    if (state.hovered !== before.hovered) update();
  });
  update();
  return { root, place };
}
