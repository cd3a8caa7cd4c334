import { createHmac } from 'node:crypto';
import { randomInteger, type Random } from '../data/random';
import { CellOutputs } from '../notebook/cell-outputs';
import { createMessage, decodeMessage, encodeMessage, type Message } from '../notebook/kernel/wire';
import type { CodeCell, Output } from '../notebook/notebook';
import { formatNotebook, parseNotebook } from '../notebook/notebook-file';
import { renderReport } from '../notebook/report/report';
import { requireHarmless } from './input-targets.test-support';
import { jsonOf, mutatedBytes, mutatedValue, pick } from './mutations.test-support';
import type { Target } from './target.test-support';

const KEY = 'a key';

/** Messages as a kernel and its front end send them. */
export const MESSAGES: [type: string, content: Record<string, unknown>][] = [
  ['kernel_info_request', {}],
  ['execute_request', { code: '1 + 1', silent: false, stop_on_error: true }],
  ['complete_request', { code: 'Math.m', cursor_pos: 6 }],
  ['inspect_request', { code: 'Math.max(1)', cursor_pos: 7, detail_level: 0 }],
  ['is_complete_request', { code: 'if (x) {' }],
  ['history_request', { hist_access_type: 'tail', n: 3 }],
  ['comm_info_request', { target_name: 'x' }],
  ['stream', { name: 'stdout', text: 'hello' }],
  [
    'display_data',
    { data: { 'text/html': '<b>x</b>' }, metadata: {}, transient: { display_id: 'a' } },
  ],
  [
    'update_display_data',
    { data: { 'text/plain': 'y' }, metadata: {}, transient: { display_id: 'a' } },
  ],
  ['error', { ename: 'Error', evalue: 'no', traceback: ['Error: no'] }],
  ['clear_output', { wait: true }],
  ['execute_input', { code: '1', execution_count: 1 }],
  ['status', { execution_state: 'idle' }],
];

/** A damaged message: signed all the same, or with damaged frames that no longer fit the signature. */
export function damagedFrames(random: Random, messages = MESSAGES, key = KEY): Buffer[] {
  const [type, content] = pick(messages, random);
  const message = createMessage(type, content, 'session');
  const parts = ['header', 'parent', 'metadata', 'content'] as const;
  const damagedPart = pick(parts, random);
  // encodeMessage signs what it is given; JSON of any depth stands in for the part.
  const standIn = { toJSON: () => 'here' };
  const frames = encodeMessage({ ...message, [damagedPart]: standIn } as unknown as Message, '');
  const at = frames.length - 4 + parts.indexOf(damagedPart);
  const value = mutatedValue(message[damagedPart], random);
  frames[at] =
    random() < 0.3 ? Buffer.from(mutatedBytes(Buffer.from(jsonOf(value)), random)) : jsonOf(value);
  const buffers = frames.map((frame) => Buffer.from(frame));
  const signed = resigned(buffers, key);
  if (random() < 0.8) return signed;
  const victim = randomInteger(random, signed.length);
  return random() < 0.5
    ? signed.filter((_, i) => i !== victim)
    : signed.map((frame, i) => (i === victim ? Buffer.from(mutatedBytes(frame, random)) : frame));
}

/** The frames with the signature that the key gives them. */
function resigned(frames: Buffer[], key: string): Buffer[] {
  const hmac = createHmac('sha256', key);
  frames.slice(-4).forEach((part) => hmac.update(part));
  return [...frames.slice(0, -5), Buffer.from(hmac.digest('hex')), ...frames.slice(-4)];
}

/** Messages of a kernel: decoded, gathered as outputs, written into a notebook and reported on. */
export const kernelMessages: Target = {
  name: 'kernel messages',
  message: /^decodeMessage: ./,
  attempt(random) {
    const outputs: Output[] = [];
    const gathered = new CellOutputs();
    for (let count = 1 + randomInteger(random, 3); count > 0; count--) {
      gathered.take(decodeMessage(damagedFrames(random), KEY), outputs);
    }
    const cell: CodeCell = {
      cell_type: 'code',
      metadata: {},
      source: '1',
      execution_count: 1,
      outputs,
    };
    const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] } as const;
    const written = parseNotebook(formatNotebook({ ...notebook, cells: [cell] }));
    requireHarmless(renderReport(written));
  },
};
