import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint, type NamedArrays } from './checkpoint';

const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'checkpoint.bin');

const ARRAYS: NamedArrays = {
  'a matrix': { data: Float32Array.of(1, 2.5, -3, 1e-40, 1e38, 0), shape: [2, 3] },
  'a scalar': { data: Float32Array.of(7), shape: [] },
  nothing: { data: new Float32Array(0), shape: [0, 4] },
  'Größe β₁^t': { data: Float32Array.of(0.9), shape: [1, 1, 1] },
};
const PROGRESS = { step: 12, sums: { loss: 0.1 + 0.2 }, note: 'ü' };

/** A file with the right beginning and any header, and the values after it. */
function fileWith(header: unknown, values: Uint8Array = new Uint8Array(0)): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from('TLAB0001'), length, text, values]);
}

function written(): Buffer {
  writeCheckpoint(path, { progress: PROGRESS, arrays: ARRAYS });
  return readFileSync(path);
}

describe('a checkpoint', () => {
  it('comes back as it was written', () => {
    writeCheckpoint(path, { progress: PROGRESS, arrays: ARRAYS });
    expect(readCheckpoint(path)).toEqual({ progress: PROGRESS, arrays: ARRAYS });
    expect(Object.keys(readCheckpoint(path).arrays)).toEqual(Object.keys(ARRAYS));
  });

  it('keeps every bit, of NaN, infinities and -0 too', () => {
    const bits = Uint32Array.of(0x7fc00001, 0x7f800000, 0xff800000, 0x80000000, 0x00000001);
    const data = new Float32Array(bits.buffer);
    writeCheckpoint(path, { progress: {}, arrays: { odd: { data, shape: [5] } } });
    const { odd } = readCheckpoint(path).arrays;
    expect([...new Uint32Array(odd.data.buffer)]).toEqual([...bits]);
  });

  it('writes what a view shows, not the memory behind it', () => {
    const data = Float32Array.of(1, 2, 3, 4, 5).subarray(1, 4);
    writeCheckpoint(path, { progress: {}, arrays: { view: { data, shape: [3] } } });
    expect([...readCheckpoint(path).arrays.view.data]).toEqual([2, 3, 4]);
  });

  it('may be empty', () => {
    writeCheckpoint(path, { progress: null, arrays: {} });
    expect(readCheckpoint(path)).toEqual({ progress: null, arrays: {} });
  });

  it('has the same bytes for the same content, and its values at multiples of four', () => {
    const [first, second] = [written(), written()];
    expect(first.equals(second)).toBe(true);
    expect(first.toString('latin1', 0, 8)).toBe('TLAB0001');
    expect(first.readUInt32LE(8) % 4).toBe(0);
  });

  it('replaces the one before and leaves no temporary file', () => {
    written();
    writeCheckpoint(path, { progress: 2, arrays: {} });
    expect(readCheckpoint(path).progress).toBe(2);
    expect(readdirSync(folder)).toEqual(['checkpoint.bin']);
  });
});

describe('readCheckpoint', () => {
  const refuse = (bytes: Uint8Array, message: RegExp): void => {
    writeFileSync(path, bytes);
    expect(() => readCheckpoint(path)).toThrow(message);
  };
  const noCheckpoint = /^readCheckpoint: .*checkpoint\.bin does not begin with TLAB0001/;
  const damaged = /^readCheckpoint: .*checkpoint\.bin has a damaged header: delete the file/;
  const wrongLength = /^readCheckpoint: .*checkpoint\.bin has \d+ bytes, expected [\de+]+$/;

  it('refuses a file that was cut off anywhere', () => {
    const whole = written();
    for (let length = 0; length < whole.length; length++) {
      refuse(whole.subarray(0, length), /^readCheckpoint: /);
    }
  });

  it('refuses what follows the values', () => {
    refuse(Buffer.concat([written(), Buffer.from('x')]), wrongLength);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['too little', Buffer.from('TLAB')],
    ['another version', Buffer.concat([Buffer.from('TLAB0002'), Buffer.alloc(100)])],
    ['another format', Buffer.from('{"progress": {}, "arrays": []}')],
    ['zeros', Buffer.alloc(1000)],
  ])('refuses a file that holds %s', (_, bytes) => refuse(bytes, noCheckpoint));

  it('refuses a header that is longer than the file', () => {
    for (const length of [17, 2 ** 31, 2 ** 32 - 1]) {
      const bytes = written();
      bytes.writeUInt32LE(length, 8);
      refuse(bytes, /^readCheckpoint: /);
    }
  });

  it.each([
    ['text', 'garbage'],
    ['bytes that are no text', '\u0000\uFFFD'],
    ['null', null],
    ['a number', 5],
    ['a list', []],
    ['nothing in it', {}],
    ['no list of arrays', { progress: {}, arrays: 'abc' }],
    ['an array that is null', { arrays: [null] }],
    ['an array without a name', { arrays: [{ shape: [] }] }],
    ['an array without a shape', { arrays: [{ name: 'a' }] }],
    ['a shape that is no list', { arrays: [{ name: 'a', shape: '12' }] }],
    ['a negative size', { arrays: [{ name: 'a', shape: [-1] }] }],
    ['half a value', { arrays: [{ name: 'a', shape: [0.5] }] }],
    ['a size beyond whole numbers', { arrays: [{ name: 'a', shape: [1e300] }] }],
    ['a size that is text', { arrays: [{ name: 'a', shape: ['2'] }] }],
  ])('refuses a header with %s', (_, header) => refuse(fileWith(header), damaged));

  it('refuses sizes beyond the file, without reserving memory for them', () => {
    for (const shape of [[2], [2 ** 31], [2 ** 40, 2 ** 40], Array<number>(100).fill(2 ** 50)]) {
      refuse(
        fileWith({ progress: {}, arrays: [{ name: 'a', shape }] }, Buffer.alloc(4)),
        /^readCheckpoint: /,
      );
    }
  });

  it('names a file that does not exist', () => {
    expect(() => readCheckpoint(join(folder, 'missing.bin'))).toThrow(/ENOENT.*missing\.bin/);
  });
});
