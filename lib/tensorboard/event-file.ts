import { join } from 'node:path';
import { writeAtomically } from '../data/write-atomically';
import { encodeEvent, encodeVersion, type LoggedEvent } from './event';
import { tfRecord } from './record';

/** TensorBoard reads files that have 'tfevents' in their name. One name: a second export replaces it. */
const FILE = 'events.out.tfevents.tripletlab';

/**
 * The bytes of a TensorBoard event file: TFRecords around protobuf messages. The same events give the
 * same bytes.
 *
 * @throws RangeError when an event has a wrong step, time, tag or picture: see `LoggedEvent`
 */
export function encodeEvents(events: readonly LoggedEvent[]): Uint8Array {
  const started = events.length > 0 ? events[0].wallTime : 0;
  const messages = [encodeVersion(started), ...events.map(encodeEvent)];
  return Buffer.concat(messages.map(tfRecord));
}

/**
 * Writes events as an event file into `folder`, which thereby becomes a run for TensorBoard. Missing
 * folders are made.
 *
 * @returns the path of the file
 * @throws RangeError as `encodeEvents` does
 */
export function writeEvents(folder: string, events: readonly LoggedEvent[]): string {
  const path = join(folder, FILE);
  writeAtomically(path, encodeEvents(events));
  return path;
}
