import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../data/random';
import { MAX_ARCHIVE, packFiles, requireSize, unpackFiles } from './archive';

const NAMES = ['config.json', 'weights.bin'];

const files = new Map([
  ['config.json', Buffer.from('{"margin":0.5}')],
  ['weights.bin', Buffer.from([0, 255, 10, 13, 0])],
]);

const packed = (): Buffer => packFiles('it', files);

/** An archive whose header says something else, with the length that it then has. */
function withHeader(change: (entries: Record<string, unknown>[]) => unknown): Buffer {
  const archive = packed();
  const end = 12 + archive.readUInt32LE(8);
  const entries = JSON.parse(archive.toString('utf8', 12, end));
  const header = Buffer.from(JSON.stringify(change(entries)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([archive.subarray(0, 8), length, header, archive.subarray(end)]);
}

describe('an archive', () => {
  it('holds what was packed', () => {
    expect(unpackFiles('it', packed(), NAMES)).toEqual(files);
    expect(unpackFiles('it', packFiles('it', new Map()), NAMES).size).toBe(0);
    const empty = new Map([['config.json', Buffer.alloc(0)]]);
    expect(unpackFiles('it', packFiles('it', empty), NAMES)).toEqual(empty);
  });

  it.each([
    '../config.json',
    '/etc/passwd',
    'a/../../config.json',
    '..\\config.json',
    'config.json\0',
    'CONFIG.JSON',
    '__proto__',
    '',
  ])('is refused with a file named %j', (name) => {
    const hostile = packFiles('it', new Map([[name, Buffer.from('evil')]]));
    expect(() => unpackFiles('it', hostile, NAMES)).toThrow(
      `it is refused: it holds ${JSON.stringify(name)}, allowed are config.json, weights.bin`,
    );
  });

  it.each<[string, Buffer, RegExp]>([
    ['of nothing', Buffer.alloc(0), /does not begin with TLRUN001/],
    ['of something else', Buffer.from('PK\x03\x04 a zip file'), /does not begin with TLRUN001/],
    ['cut short', packed().subarray(0, -1), /weights\.bin has 4 of 5 bytes/],
    ['with more at its end', Buffer.concat([packed(), Buffer.from('x')]), /1 bytes belong to no/],
    ['with a file twice', withHeader(([a, b]) => [a, a, b]), /it holds config\.json twice/],
    ['with a size below 0', withHeader(([a, b]) => [{ ...a, size: -14 }, b]), /header is damaged/],
    ['with no list', withHeader(() => ({ length: 1 })), /header is damaged/],
    ['with a list of nothing', withHeader(() => [null]), /header is damaged/],
    ['with a huge size', withHeader(([a]) => [{ ...a, size: 2 ** 40 }]), /has 19 of 1099511627776/],
  ])('is refused %s', (_, archive, message) => {
    expect(() => unpackFiles('it', archive, NAMES)).toThrow(message);
  });

  it('is refused whichever byte was changed', () => {
    const random = seededRandom(1);
    for (let at = 0; at < packed().length; at++) {
      const archive = packed();
      archive[at] ^= 1 + Math.floor(random() * 255);
      expect(() => unpackFiles('it', archive, NAMES), `byte ${at}`).toThrow();
    }
  });

  it('is refused when it is too large', () => {
    expect(() => requireSize('it', MAX_ARCHIVE)).not.toThrow();
    expect(() => requireSize('it', MAX_ARCHIVE + 1)).toThrow(
      new RangeError('it has 257 MiB; at most 256 MiB go through Redis'),
    );
  });
});
