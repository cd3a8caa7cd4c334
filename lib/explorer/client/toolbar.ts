import { countErrors, type ExplorerData } from './data';
import { element, whole } from './elements';
import type { Store } from './state';

/** One button of a row of which one is pressed. */
function choice(name: string, text: string, onChoose: () => void): HTMLLabelElement {
  const input = element('input', { type: 'radio', name });
  input.addEventListener('change', onChoose);
  return element('label', {}, input, element('span', {}, text));
}

/** Chooses the projection; where there are epochs, the last choice is the training. */
export function createSwitch(data: ExplorerData, store: Store): HTMLElement {
  const { placements, firstEpoch } = data;
  const choices = placements
    .slice(0, firstEpoch)
    .map(({ name }, i) => choice('placement', name, () => store.change({ placement: i })));
  if (firstEpoch < placements.length) {
    const last = placements.length - 1;
    choices.push(choice('placement', 'Training', () => store.change({ placement: last })));
  }
  const update = (): void => {
    const chosen = Math.min(store.state.placement, firstEpoch);
    choices.forEach((label, i) => (label.querySelector('input')!.checked = i === chosen));
  };
  store.listen(update);
  update();
  const group = element('div', { class: 'switch', role: 'radiogroup', 'aria-label': 'Projection' });
  group.append(...choices);
  group.hidden = choices.length < 2;
  return group;
}

/** Shows only points whose predicted class is wrong. */
export function createErrorFilter(data: ExplorerData, store: Store): HTMLElement {
  const input = element('input', { type: 'checkbox' });
  input.disabled = countErrors(data) === 0;
  input.addEventListener('change', () => store.change({ errorsOnly: input.checked }));
  const count = element('span', { class: 'count' }, whole(countErrors(data)));
  return element('label', { class: 'errors' }, input, element('span', {}, 'Errors only'), count);
}

/** Goes to a point by its index. */
export function createSearch(
  data: ExplorerData,
  store: Store,
  onFound: (i: number) => void,
): HTMLElement {
  const range = `0 to ${whole(data.count - 1)}`;
  const input = element('input', {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    spellcheck: 'false',
    class: 'search',
    placeholder: 'Go to image',
    'aria-label': `Go to image by its index, ${range}`,
    title: `Index, ${range} (press /)`,
  });
  const problem = element('span', { class: 'problem', role: 'alert' });

  function go(): void {
    const index = indexIn(input.value);
    const isIndex = index !== undefined && index < data.count;
    const isWrong = input.value.trim() !== '' && !isIndex;
    input.setAttribute('aria-invalid', String(isWrong));
    problem.textContent = isWrong ? range : '';
    if (!isIndex) return;
    store.change({ selected: index });
    onFound(index);
  }

  // What was looked for is no longer what is selected.
  store.listen(({ selected }, before) => {
    if (selected !== before.selected && selected !== indexIn(input.value)) input.value = '';
  });
  input.addEventListener('change', go);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') go();
  });
  input.addEventListener('input', () => {
    input.removeAttribute('aria-invalid');
    problem.textContent = '';
  });
  return element('div', { class: 'find' }, input, problem);
}

/** The whole number that is typed, as '1234', '1,234' or '#1234'. */
function indexIn(text: string): number | undefined {
  const digits = text.replace(/[#,\s]/g, '');
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}
