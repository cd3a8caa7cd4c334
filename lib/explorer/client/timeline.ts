import type { ExplorerData } from './data';
import { element, icon } from './elements';
import { EPOCH_TRANSITION } from './plot';
import type { Store } from './state';

/** A slider over the epochs, and a button that plays them; undefined where there are none. */
export function createTimeline(data: ExplorerData, store: Store): HTMLElement | undefined {
  const { placements, firstEpoch } = data;
  const last = placements.length - 1 - firstEpoch;
  if (last < 0) return undefined;
  const slider = element('input', {
    type: 'range',
    min: '0',
    max: String(last),
    value: String(last),
    step: '1',
    'aria-label': 'Time of the training',
  });
  const label = element('span', { class: 'time' });
  const play = element('button', { type: 'button', class: 'icon play' });
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(epoch: number): void {
    slider.value = String(epoch);
    store.change({ placement: firstEpoch + epoch });
  }

  function step(): void {
    const epoch = Number(slider.value);
    if (epoch >= last) {
      pause();
      return;
    }
    show(epoch + 1);
    timer = setTimeout(step, EPOCH_TRANSITION);
  }

  function pause(): void {
    clearTimeout(timer);
    timer = undefined;
    update();
  }

  play.addEventListener('click', () => {
    if (timer !== undefined) {
      pause();
      return;
    }
    // Played to its end, it begins anew.
    const isAtEnd = Number(slider.value) >= last;
    show(isAtEnd ? 0 : Number(slider.value));
    timer = setTimeout(step, isAtEnd ? 2 * EPOCH_TRANSITION : 0);
    update();
  });
  slider.addEventListener('input', () => {
    const epoch = Number(slider.value);
    pause();
    show(epoch);
  });

  function update(): void {
    const { placement } = store.state;
    if (placement >= firstEpoch) slider.value = String(placement - firstEpoch);
    else if (timer !== undefined) pause();
    const { name } = placements[firstEpoch + Number(slider.value)];
    label.textContent = name;
    slider.setAttribute('aria-valuetext', name);
    const what = timer === undefined ? 'Play the training' : 'Pause';
    if (play.title !== what) {
      play.title = what;
      play.setAttribute('aria-label', what);
      play.replaceChildren(icon(timer === undefined ? 'play' : 'pause'));
    }
  }

  store.listen(update);
  update();
  return element('div', { class: 'timeline' }, play, slider, label);
}
