import type { ExplorerData } from './data';
import { element, whole } from './elements';
import { isolated, toggled, type Store } from './state';
import { currentTheme } from './theme';

/** A chip for each class: a click switches it off and on, a double click shows it alone. */
export interface Legend {
  root: HTMLElement;
  /** Takes the colours of the theme. */
  refresh(): void;
}

export function createLegend(data: ExplorerData, store: Store): Legend {
  const { classNames, labels } = data;
  const counts = new Uint32Array(classNames.length);
  labels.forEach((label) => counts[label]++);

  const alone = (label: number): void =>
    store.change({ hidden: isolated(store.state.hidden, label, classNames.length) });

  const chips = classNames.map((name, label) => {
    const chip = element(
      'button',
      {
        type: 'button',
        class: 'chip',
        title: `${name}: ${whole(counts[label])} images. Double-click (or Shift) shows it alone.`,
      },
      element('span', { class: 'dot' }),
      element('span', { class: 'name' }, name),
    );
    chip.addEventListener('click', (event) => {
      if (event.shiftKey) alone(label);
      else store.change({ hidden: toggled(store.state.hidden, label) });
    });
    // The two clicks before it have cancelled out.
    chip.addEventListener('dblclick', (event) => {
      if (!event.shiftKey) alone(label);
    });
    return chip;
  });
  const all = element('button', { type: 'button', class: 'chip all' }, 'Show all');
  all.addEventListener('click', () => {
    store.change({ hidden: new Set() });
    chips[0]?.focus();
  });

  function update(): void {
    const { hidden } = store.state;
    chips.forEach((chip, label) => chip.setAttribute('aria-pressed', String(!hidden.has(label))));
    all.hidden = hidden.size === 0;
  }

  function refresh(): void {
    const theme = currentTheme();
    chips.forEach((chip, label) => {
      chip.style.setProperty('--class', theme.classColor(label));
    });
  }

  store.listen(update);
  update();
  refresh();
  const root = element('div', { class: 'legend', role: 'group', 'aria-label': 'Classes shown' });
  root.append(...chips, all);
  return { root, refresh };
}
