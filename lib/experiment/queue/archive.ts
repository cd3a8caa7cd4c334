import { createHash } from 'node:crypto';

/** Files by name, each a plain name without a folder. */
export type Files = ReadonlyMap<string, Buffer>;

/** How large an archive may be, in bytes: half of what Redis holds in one value. */
export const MAX_ARCHIVE = 2 ** 28;

const MAGIC = 'TLRUN001';

/** What the header says of a file. */
interface Entry {
  name: string;
  size: number;
  /** SHA-256 of the content, in hexadecimal. */
  sha256: string;
}

/**
 * Files as one piece: 8 bytes of magic, the length of the header (uint32, little endian), a JSON header
 * (name, size and SHA-256 of every file), and the files' contents one after another.
 *
 * @param what is packed, for the error
 * @throws RangeError when the archive would be larger than `MAX_ARCHIVE`
 */
export function packFiles(what: string, files: Files): Buffer {
  const entries = [...files].map(([name, content]): Entry => {
    return { name, size: content.length, sha256: sha256(content) };
  });
  const header = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const archive = Buffer.concat([Buffer.from(MAGIC), length, header, ...files.values()]);
  requireSize(what, archive.length);
  return archive;
}

/**
 * The files of an archive. Nothing is written: a name is a key here, whoever wrote it.
 *
 * @param what the archive is of, for the errors
 * @param allowed the names that files may have
 * @throws Error when the archive is damaged, holds a file of another name or one twice, or a content
 *   is not the one that was packed; RangeError when it is larger than `MAX_ARCHIVE`
 */
export function unpackFiles(
  what: string,
  archive: Buffer,
  allowed: readonly string[],
): Map<string, Buffer> {
  requireSize(what, archive.length);
  const refuse = (reason: string): never => {
    throw new Error(`${what} is refused: ${reason}`);
  };
  const start = MAGIC.length + 4;
  if (archive.length < start || archive.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    return refuse(`it does not begin with ${MAGIC}`);
  }
  let offset = start + archive.readUInt32LE(MAGIC.length);
  const entries = entriesOf(archive.toString('utf8', start, offset));
  if (!entries) return refuse('its header is damaged');
  const files = new Map<string, Buffer>();
  for (const { name, size, sha256: expected } of entries) {
    if (!allowed.includes(name)) {
      refuse(`it holds ${JSON.stringify(name)}, allowed are ${allowed.join(', ')}`);
    }
    if (files.has(name)) refuse(`it holds ${name} twice`);
    const content = archive.subarray(offset, offset + size);
    if (content.length !== size) refuse(`${name} has ${content.length} of ${size} bytes`);
    if (sha256(content) !== expected) refuse(`${name} is not what was packed (SHA-256)`);
    files.set(name, content);
    offset += size;
  }
  if (offset !== archive.length) refuse(`${archive.length - offset} bytes belong to no file`);
  return files;
}

function entriesOf(header: string): Entry[] | undefined {
  try {
    const entries = JSON.parse(header) as Entry[];
    const isEntry = ({ name, size, sha256 }: Entry): boolean =>
      typeof name === 'string' &&
      Number.isSafeInteger(size) &&
      size >= 0 &&
      typeof sha256 === 'string';
    return entries.every(isEntry) ? entries : undefined;
  } catch {
    return undefined;
  }
}

/** @throws RangeError when so many bytes are too many for an archive */
export function requireSize(what: string, bytes: number): void {
  if (bytes <= MAX_ARCHIVE) return;
  throw new RangeError(
    `${what} has ${Math.ceil(bytes / 2 ** 20)} MiB; at most ${MAX_ARCHIVE / 2 ** 20} MiB go ` +
      `through Redis`,
  );
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
