import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buf } from 'crc-32/crc32c';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../data/require-peer';
import { fastPng } from '../figure/packages';
import type { LoggedEvent } from './event';
import { encodeEvents, writeEvents } from './event-file';
import { crc32c, protobuf, readEvents } from './python-reader.test-support';
import { tfRecord } from './record';

const hex = (text: string): Buffer => Buffer.from(text.replace(/[^0-9a-f]/g, ''), 'hex');

/** A picture whose channels are 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha. */
function picture(channels: number): Uint8Array {
  return fastPng.encode({ width: 3, height: 2, data: new Uint8Array(6 * channels), channels });
}

describe('tfRecord', () => {
  // RFC 3720, section B.4, byte order of the numbers there reversed.
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])('has the checksum of RFC 3720 of %s', (_, data, checksum) => {
    expect(buf(data) >>> 0).toBe(checksum);
    const record = Buffer.from(tfRecord(data));
    const masked = (checksum >>> 15) + ((checksum << 17) >>> 0) + 0xa282ead8;
    expect(record.readUInt32LE(record.length - 4)).toBe(masked % 2 ** 32);
  });

  it('holds nothing as an empty record', () => {
    const record = Buffer.from(tfRecord(new Uint8Array(0)));
    // The checksum of no bytes is 0: masked, the constant alone.
    expect(record).toHaveLength(16);
    expect(record.readUInt32LE(12)).toBe(0xa282ead8);
  });
});

describe('encodeEvents', () => {
  it('writes a first record as TensorFlow did', () => {
    // From a file that TensorFlow wrote, in the tests of TensorBoard's reader.
    const wallTime = hex('00 00 80 38 99 d6 d7 41').readDoubleLE();
    const first = hex(
      `18 00 00 00 00 00 00 00  a3 7f 4b 22
       09 00 00 80 38 99 d6 d7 41  1a 0d 62 72 61 69 6e 2e 45 76 65 6e 74 3a 32  12 4b 36 ab`,
    );
    const file = Buffer.from(encodeEvents([{ step: 0, wallTime, values: {} }]));
    expect(file.subarray(0, first.length)).toEqual(first);
  });

  it('writes a scalar byte for byte as it is put together by hand', () => {
    const events = [{ step: 1, wallTime: 256.5, values: { 'v/1': 1.5 } }];
    const scalar = hex(
      // length 25, its checksum
      `19 00 00 00 00 00 00 00  8b f1 08 28` +
        // field 1, eight bytes: 256.5; field 2: 1; field 5, 12 bytes long
        `09 00 00 00 00 00 08 70 40  10 01  2a 0c` +
        // field 1, 10 bytes long: of it field 1, 3 bytes long: 'v/1'; field 2, four bytes: 1.5
        `0a 0a  0a 03 76 2f 31  15 00 00 c0 3f` +
        // checksum of the 25 bytes
        `2c ec c0 87`,
    );
    expect(Buffer.from(encodeEvents(events)).subarray(-scalar.length)).toEqual(scalar);
  });

  it('gives the same bytes for the same events', () => {
    const events = [{ step: 3, wallTime: 1e9, values: { loss: 0.25, digits: picture(1) } }];
    expect(encodeEvents(events)).toEqual(encodeEvents(structuredClone(events)));
  });

  it.each<[Partial<LoggedEvent>, string]>([
    [{ step: 1.5 }, 'encodeEvent: step must be a whole number >= 0, got 1.5'],
    [{ step: -1 }, 'encodeEvent: step must be a whole number >= 0, got -1'],
    [{ wallTime: NaN }, 'encodeEvent: wallTime must be finite, got NaN'],
    [{ values: { 'mean loss': 1 } }, `not in front, '/', got "mean loss"`],
    [{ values: { '/loss': 1 } }, 'got "/loss"'],
    [{ values: { '': 1 } }, 'got ""'],
    [{ values: { '<b>\n': 1 } }, 'got "<b>\\n"'],
    [{ values: { a: new Uint8Array(40) } }, "encodeEvent: picture 'a' must be the bytes of a PNG"],
    [{ values: { a: picture(1).subarray(0, 20) } }, "picture 'a' must be the bytes of a PNG"],
  ])('refuses a wrong event %#', (changes, message) => {
    const event = { step: 0, wallTime: 0, values: {}, ...changes };
    expect(() => encodeEvents([event])).toThrow(message);
  });
});

describe.skipIf(isMissing(protobuf) || isMissing(crc32c))('an event file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tripletlab-events-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read by protobuf and crc32c of Python as it was written', () => {
    const values = { loss: 0.1, zero: 0, 'last-batch/none': NaN, most: Infinity, least: -2e-30 };
    const events = [
      { step: 0, wallTime: 1.7e9 + 0.25, values },
      { step: 2 ** 40, wallTime: 1.7e9 + 1, values: {} },
    ];
    const [version, first, second] = readEvents(writeEvents(join(folder, 'scalars'), events));
    expect(version).toEqual({ wall_time: 1.7e9 + 0.25, file_version: 'brain.Event:2' });
    expect(first).toMatchObject({ wall_time: 1.7e9 + 0.25, step: '0' });
    expect(first.summary?.value.map(({ tag }) => tag)).toEqual(Object.keys(values));
    const numbers = first.summary?.value.map(({ simple_value }) => Number(simple_value));
    expect(numbers?.map(Math.fround)).toEqual(Object.values(values).map(Math.fround));
    expect(second).toMatchObject({ step: String(2 ** 40) });
  });

  it('holds pictures with their sizes and kinds', () => {
    const values = Object.fromEntries([1, 2, 3, 4].map((n) => [`picture-${n}`, picture(n)]));
    const path = writeEvents(join(folder, 'pictures'), [{ step: 7, wallTime: 0, values }]);
    const decoded = readEvents(path)[1].summary?.value ?? [];
    expect(decoded).toHaveLength(4);
    decoded.forEach(({ image }, i) => {
      expect(image).toMatchObject({ width: 3, height: 2, colorspace: i + 1 });
      const png = Buffer.from(image?.encoded_image_string ?? '', 'base64');
      expect(Buffer.compare(png, values[`picture-${i + 1}`])).toBe(0);
    });
  });

  it('replaces an earlier one', () => {
    const run = join(folder, 'again');
    for (const step of [1, 2]) writeEvents(run, [{ step, wallTime: 0, values: {} }]);
    expect(readdirSync(run)).toHaveLength(1);
    expect(readEvents(join(run, readdirSync(run)[0]))[1].step).toBe('2');
  });
});
