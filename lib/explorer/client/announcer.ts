import { countErrors, isError, neighboursOf, type ExplorerData } from './data';
import { element, whole } from './elements';
import type { Store } from './state';

/** A live region: says to those who cannot see it what has been selected, filtered or changed. */
export function createAnnouncer(data: ExplorerData, store: Store): HTMLElement {
  const root = element('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  store.listen((state, before) => {
    if (state.selected !== before.selected) {
      root.textContent = describe(data, state.selected);
    } else if (state.errorsOnly !== before.errorsOnly) {
      root.textContent = state.errorsOnly
        ? `Only the ${whole(countErrors(data))} errors are shown.`
        : 'Right and wrong are shown.';
    } else if (state.hidden !== before.hidden) {
      const names = data.classNames.filter((_, label) => !state.hidden.has(label));
      root.textContent = `Classes shown: ${names.join(', ') || 'none'}.`;
    } else if (state.placement !== before.placement) {
      root.textContent = data.placements[state.placement].name;
    }
  });
  return root;
}

function describe(data: ExplorerData, i: number | undefined): string {
  if (i === undefined) return 'Nothing is selected.';
  const { classNames, labels, predictions } = data;
  const same = neighboursOf(data, i).filter(({ sameClass }) => sameClass).length;
  const taken = isError(data, i) ? `taken for ${classNames[predictions[i]]}` : 'recognised';
  return (
    `Image ${whole(i)}, class ${classNames[labels[i]]}, ${taken}. ` +
    `${same} of its ${data.k} nearest neighbours are of its class.`
  );
}
