import type { Dataset } from './dataset';

/** What was read and checked already. */
const datasets = new Map<string, Promise<Dataset>>();

/** What `read` gave when it was first called for `key` in this process. */
export function readOnce(key: string, read: () => Promise<Dataset>): Promise<Dataset> {
  const reading = datasets.get(key) ?? read();
  datasets.set(key, reading);
  // A failure is not kept: the reader may put the files in place and try again.
  reading.catch(() => datasets.delete(key));
  return reading;
}
