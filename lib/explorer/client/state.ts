import { isError, type ExplorerData } from './data';

/** What the reader has chosen. */
export interface State {
  /** Which of the placements is shown. */
  placement: number;
  /** The classes that are switched off. */
  hidden: ReadonlySet<number>;
  /** Whether only points with a wrong prediction are shown. */
  errorsOnly: boolean;
  /** The point whose neighbours are shown. */
  selected: number | undefined;
  /** The point under the pointer, in the plot or among the neighbours. */
  hovered: number | undefined;
}

/** The state of one explorer, and who wants to hear of its changes. */
export interface Store {
  readonly state: Readonly<State>;
  change(changes: Partial<State>): void;
  /** Calls `listener` after every change, with the state before it. */
  listen(listener: (state: Readonly<State>, before: Readonly<State>) => void): void;
}

export function createStore(): Store {
  let state: State = {
    placement: 0,
    hidden: new Set(),
    errorsOnly: false,
    selected: undefined,
    hovered: undefined,
  };
  const listeners: Parameters<Store['listen']>[0][] = [];
  return {
    get state() {
      return state;
    },
    change(changes) {
      const before = state;
      state = { ...state, ...changes };
      for (const listener of listeners) listener(state, before);
    },
    listen: (listener) => void listeners.push(listener),
  };
}

/** Whether the filters let a point through; the others are drawn faintly. */
export function isShown(data: ExplorerData, state: Readonly<State>, i: number): boolean {
  return !state.hidden.has(data.labels[i]) && (!state.errorsOnly || isError(data, i));
}

/** With class `label` switched off, or on again. */
export function toggled(hidden: ReadonlySet<number>, label: number): Set<number> {
  const next = new Set(hidden);
  if (!next.delete(label)) next.add(label);
  return next;
}

/** With every class but `label` switched off; where it is alone already, with all switched on. */
export function isolated(hidden: ReadonlySet<number>, label: number, classes: number): Set<number> {
  const others = Array.from({ length: classes }, (_, i) => i).filter((i) => i !== label);
  const alone = !hidden.has(label) && others.every((i) => hidden.has(i));
  return new Set(alone ? [] : others);
}
