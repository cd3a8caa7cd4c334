import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { parseJson } from '../../data/parse-json';

/**
 * Jupyter's wire protocol, version 5.3: frames [identities..., '<IDS|MSG>', signature, header,
 * parent header, metadata, content], the last four as JSON and signed together.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
const DELIMITER = '<IDS|MSG>';

/** How the two sides find each other: the content of a connection file. */
export interface ConnectionInfo {
  transport: string;
  ip: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  /** The key that messages are signed with; empty: they are not signed. */
  key: string;
  signature_scheme: string;
}

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

export interface Message {
  /** Whom a reply goes to (shell, control), or the topic (iopub). */
  identities: Buffer[];
  header: Header;
  /** The request that this message belongs to; an empty object for a request. */
  parent: Partial<Header>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
}

/** A new message of a session, in answer to `parent` if one is given. */
export function createMessage(
  type: string,
  content: Record<string, unknown>,
  session: string,
  parent?: Message,
): Message {
  return {
    identities: parent?.identities ?? [],
    header: {
      msg_id: randomUUID(),
      msg_type: type,
      session,
      username: parent?.header.username ?? 'tripletlab',
      date: new Date().toISOString(),
      version: '5.3',
    },
    parent: parent?.header ?? {},
    metadata: {},
    content,
  };
}

/** The frames of a message, signed with the key. */
export function encodeMessage(message: Message, key: string): (Buffer | string)[] {
  const parts = [message.header, message.parent, message.metadata, message.content].map((part) =>
    JSON.stringify(part),
  );
  return [...message.identities, DELIMITER, sign(parts, key), ...parts];
}

/**
 * Reads a message from its frames.
 *
 * @throws Error when the frames are not a message or the signature is not the key's
 */
export function decodeMessage(frames: Buffer[], key: string): Message {
  const at = frames.findIndex((frame) => frame.equals(Buffer.from(DELIMITER)));
  if (at < 0 || frames.length < at + 6) {
    throw new Error(`decodeMessage: ${frames.length} frames are not a Jupyter message`);
  }
  const parts = frames.slice(at + 2, at + 6);
  const expected = Buffer.from(sign(parts, key));
  const signature = frames[at + 1];
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new Error('decodeMessage: the signature is not the one of this connection');
  }
  const [header, parent, metadata, content] = parts.map(parsePart);
  const read = header as unknown as Header;
  if (![read.msg_id, read.msg_type].every((text) => typeof text === 'string')) {
    throw new Error('decodeMessage: msg_id and msg_type of the header must be texts');
  }
  return { identities: frames.slice(0, at), header: read, parent, metadata, content };
}

/** @throws Error when it is not the JSON of an object */
function parsePart(part: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseJson(part.toString());
  } catch (error) {
    throw new Error(`decodeMessage: a part is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('decodeMessage: every part must be an object');
  }
  return value as Record<string, unknown>;
}

function sign(parts: (Buffer | string)[], key: string): string {
  if (key === '') {
    return '';
  }
  const hmac = createHmac('sha256', key);
  for (const part of parts) {
    hmac.update(part);
  }
  return hmac.digest('hex');
}
