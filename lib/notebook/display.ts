import { randomUUID } from 'node:crypto';
import type { Tslab, WriteDisplayData } from './kernel/tslab';

/** One output in several MIME types; a front end shows the richest that it can. */
export interface DisplayBundle {
  data: Record<string, unknown>;
  metadata?: Record<string, unknown>;
}

/** An output that stands in the notebook and can be replaced there. */
export interface Display {
  update(bundle: DisplayBundle): void;
}

/** Whether this code runs in a cell of a notebook. */
export function inNotebook(): boolean {
  return writer() !== undefined;
}

/**
 * Puts out a MIME bundle under the running cell.
 *
 * @throws Error outside a notebook
 */
export function display(bundle: DisplayBundle): Display {
  const id = randomUUID();
  write(id, bundle, false);
  return { update: (next) => write(id, next, true) };
}

/**
 * One output under the running cell: the first bundle is put out, each further one replaces it.
 *
 * @throws Error outside a notebook, when the first bundle is put out
 */
export function liveDisplay(): (bundle: DisplayBundle) => void {
  let shown: Display | undefined;
  return (bundle) => {
    if (shown === undefined) shown = display(bundle);
    else shown.update(bundle);
  };
}

function write(id: string, bundle: DisplayBundle, update: boolean): void {
  const send = writer();
  if (send === undefined) {
    throw new Error('display: this code does not run in a notebook');
  }
  send({ metadata: {}, ...bundle, transient: { display_id: id } }, update);
}

/**
 * tslab's channel for outputs, which it sets when the first cell runs. Its public API sends one MIME
 * type at a time. The module is looked up, not loaded: outside a kernel it would bring a compiler
 * along, and a kernel has loaded it already.
 */
function writer(): WriteDisplayData | undefined {
  let path: string;
  try {
    path = require.resolve('tslab/dist/jupyter.js');
  } catch {
    return undefined;
  }
  const jupyter = require.cache[path]?.exports as Tslab['jupyter'] | undefined;
  return jupyter?.lastWriteDisplayData ?? undefined;
}
