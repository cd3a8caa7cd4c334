import { formatNumber } from '../../figure/format';
import { countErrors, isError, neighboursOf, type ExplorerData } from './data';
import { element, icon, iconButton, whole } from './elements';
import type { Images } from './images';
import type { Store } from './state';
import { currentTheme } from './theme';

/** Longer side of the selected image and of its neighbours, in CSS pixels. */
const LARGE = 84;
const SMALL = 40;

/**
 * What is known of the selected point: its image, its class, and its nearest neighbours, each a
 * button that goes on to it. With nothing selected, what the explorer shows and how to use it.
 */
export function createPanel(
  data: ExplorerData,
  store: Store,
  images: Images,
  onGo: (i: number) => void,
): { root: HTMLElement; refresh(): void } {
  const root = element('section', {
    class: 'panel',
    'aria-label': 'Selected image',
    tabindex: '-1',
  });

  function refresh(): void {
    const { selected } = store.state;
    const hadFocus = root.matches(':focus-within');
    root.replaceChildren(
      ...(selected === undefined ? introduction(data) : [details(selected), neighbours(selected)]),
    );
    if (hadFocus) root.focus({ preventScroll: true });
  }

  function details(i: number): HTMLElement {
    const clear = iconButton('close', 'Clear the selection (Esc)', () =>
      store.change({ selected: undefined }),
    );
    return element(
      'div',
      { class: 'details' },
      images.thumbnail(i, LARGE),
      element(
        'div',
        { class: 'facts' },
        element('strong', {}, `Image ${whole(i)}`),
        className(data, data.labels[i]),
        verdict(data, i),
      ),
      clear,
    );
  }

  function neighbours(i: number): HTMLElement {
    const all = neighboursOf(data, i);
    const same = all.filter(({ sameClass }) => sameClass).length;
    const list = element('ol', { class: 'neighbours' });
    for (const { index, distance, sameClass } of all) {
      const said = formatNumber(distance, 3);
      const name = data.classNames[data.labels[index]];
      const label =
        `image ${whole(index)}, class ${name}, distance ${said}, ` +
        (sameClass ? 'the same class' : 'another class');
      const button = element(
        'button',
        { type: 'button', class: sameClass ? 'same' : 'other', 'aria-label': label, title: label },
        images.thumbnail(index, SMALL),
        element('span', { class: 'distance' }, said),
      );
      if (!sameClass) button.append(element('span', { class: 'badge' }, icon('close')));
      button.addEventListener('click', () => onGo(index));
      for (const type of ['pointerenter', 'focus']) {
        button.addEventListener(type, () => store.change({ hovered: index }));
      }
      for (const type of ['pointerleave', 'blur']) {
        button.addEventListener(type, () => store.change({ hovered: undefined }));
      }
      list.append(element('li', {}, button));
    }
    const heading = element(
      'h3',
      {},
      'Nearest in the embedding',
      element('span', { class: 'count' }, `${same} of ${all.length} of its class`),
    );
    return element('div', {}, heading, list);
  }

  store.listen((state, before) => {
    if (state.selected !== before.selected) refresh();
  });
  refresh();
  return { root, refresh };
}

/** A class with its colour. */
export function className(data: ExplorerData, label: number): HTMLElement {
  const dot = element('span', { class: 'dot' });
  dot.style.setProperty('--class', currentTheme().classColor(label));
  return element('span', { class: 'class' }, dot, data.classNames[label]);
}

/** Which class is predicted, and whether that is right. */
export function verdict(data: ExplorerData, i: number): HTMLElement {
  const isWrong = isError(data, i);
  const text = isWrong ? `taken for ${data.classNames[data.predictions[i]]}` : 'recognised';
  return element('span', { class: isWrong ? 'verdict wrong' : 'verdict right' }, text);
}

function introduction(data: ExplorerData): HTMLElement[] {
  const errors = countErrors(data);
  const share = ((100 * (data.count - errors)) / data.count).toFixed(errors === 0 ? 0 : 1);
  const terms: [string, string][] = [
    ['Images', whole(data.count)],
    ['Recognised', `${share} %`],
    ['Errors', whole(errors)],
  ];
  const list = element('dl', { class: 'summary' });
  for (const [term, value] of terms) {
    list.append(element('dt', {}, term), element('dd', {}, value));
  }
  return [
    list,
    element(
      'p',
      {},
      'Point at a dot to see its image. Click one to see its nearest neighbours in the embedding.',
    ),
    element(
      'p',
      { class: 'quiet' },
      'Scroll or pinch to zoom, drag to move, double-click for all.',
    ),
  ];
}
