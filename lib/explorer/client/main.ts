import type { Payload } from '../payload';
import { explore } from './explore';

/**
 * Starts the explorer in each element of the page that is marked with `id`, once. Where there is
 * none yet, because the front end runs a script before it inserts the markup, it waits for one.
 */
export function start(id: string, payload: Payload): void {
  const begin = (): boolean => {
    const roots = document.querySelectorAll<HTMLElement>(`[data-explorer="${id}"]`);
    roots.forEach((root) => {
      if (!root.shadowRoot) explore(root, payload);
    });
    return roots.length > 0;
  };
  if (begin()) return;
  const watcher = new MutationObserver(() => {
    if (begin()) watcher.disconnect();
  });
  watcher.observe(document, { childList: true, subtree: true });
}
