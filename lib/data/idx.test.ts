import { describe, expect, it } from 'vitest';
import { encodeIdx, parseIdx } from './idx';
import { randomInteger, seededRandom } from './random';

function idxFile(shape: number[], values: number[], type = 0x08): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint8(2, type);
  header.setUint8(3, shape.length);
  shape.forEach((size, i) => header.setUint32(4 + 4 * i, size));
  return Uint8Array.from([...new Uint8Array(header.buffer), ...values]);
}

describe('parseIdx', () => {
  it('reads one to four dimensions', () => {
    for (const shape of [[6], [2, 3], [1, 2, 3], [3, 1, 2, 1]]) {
      const parsed = parseIdx(idxFile(shape, [0, 1, 2, 253, 254, 255]));
      expect(parsed.shape).toEqual(shape);
      expect([...parsed.data]).toEqual([0, 1, 2, 253, 254, 255]);
    }
  });

  it('reads a file that is a view into a larger buffer, without a copy', () => {
    const file = idxFile([2, 2], [1, 2, 3, 4]);
    const larger = new Uint8Array(file.length + 10);
    larger.set(file, 5);
    const { data } = parseIdx(larger.subarray(5, 5 + file.length));
    expect([...data]).toEqual([1, 2, 3, 4]);
    expect(data.buffer).toBe(larger.buffer);
  });

  it.each([
    ['empty', [], 'the file is empty'],
    ['compressed', [0x1f, 0x8b, 8, 0], 'compressed by gzip'],
    ['shorter than the magic number', [0, 0, 8], 'at least 4 bytes, found 3'],
    ['a page of HTML', [...Buffer.from('<html>')], 'must be 00 00, found 3c 68'],
    ['little-endian', [1, 8, 0, 0], 'must be 00 00, found 01 08'],
    ['of floats', [...idxFile([1], [0, 0, 0, 0], 0x0d)], 'found 0d (float32)'],
    ['of an unknown type', [...idxFile([1], [0], 0x77)], 'found 77 (unknown)'],
    ['without dimensions', [0, 0, 8, 0], '1 to 4 dimensions, found 0'],
    ['of five dimensions', [...idxFile([1, 1, 1, 1, 1], [7])], '1 to 4 dimensions, found 5'],
    ['cut off in its header', [0, 0, 8, 3, 0, 0, 0, 1], '3 dimensions must have 16 bytes, found 8'],
    ['of no items', [...idxFile([0, 28, 28], [])], 'dimension 0 is 0'],
    ['cut off', [...idxFile([2, 2], [1, 2, 3])], '2 x 2 = 4 values must follow'],
    ['too long', [...idxFile([2], [1, 2, 3])], 'found 3: the file has bytes too many'],
  ])('refuses a file that is %s', (_, bytes, message) => {
    expect(() => parseIdx(Uint8Array.from(bytes), 'labels.idx')).toThrow(message);
    expect(() => parseIdx(Uint8Array.from(bytes), 'labels.idx')).toThrow('parseIdx: labels.idx: ');
  });

  it('is not fooled by dimensions whose product overflows 32, 53 or 64 bits', () => {
    for (const shape of [
      [65536, 65536],
      [2 ** 31, 2, 2 ** 31],
      [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1],
    ]) {
      expect(() => parseIdx(idxFile(shape, []))).toThrow('the file is cut off');
    }
  });

  it('answers 5000 damaged files with the right array or a clear error', () => {
    const random = seededRandom(1);
    const original = idxFile([2, 3], [1, 2, 3, 4, 5, 6]);
    for (let trial = 0; trial < 5000; trial++) {
      let file = original.slice();
      for (let changes = randomInteger(random, 3); changes >= 0; changes--) {
        file[randomInteger(random, file.length)] = randomInteger(random, 256);
      }
      if (random() < 0.3) file = file.slice(0, randomInteger(random, file.length + 1));
      let parsed;
      try {
        parsed = parseIdx(file, 'damaged');
      } catch (error) {
        expect((error as Error).message).toMatch(/^parseIdx: damaged: .*(fresh copy|gunzip)/);
        continue;
      }
      const header = 4 + 4 * parsed.shape.length;
      expect([...file.subarray(0, 4)]).toEqual([0, 0, 8, parsed.shape.length]);
      expect([...parsed.data]).toEqual([...file.subarray(header)]);
      expect(parsed.data.length).toBe(parsed.shape.reduce((a, b) => a * b));
    }
  });
});

describe('encodeIdx', () => {
  it('writes what parseIdx reads, byte for byte as other programs do', () => {
    for (const shape of [[6], [2, 3], [1, 2, 3], [3, 1, 2, 1]]) {
      const data = Uint8Array.of(0, 1, 2, 253, 254, 255);
      expect(encodeIdx({ shape, data })).toEqual(idxFile(shape, [...data]));
    }
    const large = encodeIdx({ shape: [300, 400], data: new Uint8Array(120000) });
    expect(parseIdx(large).shape).toEqual([300, 400]);
  });

  it('refuses data that does not fill the shape', () => {
    expect(() => encodeIdx({ shape: [2, 3], data: new Uint8Array(5) })).toThrow(
      'encodeIdx: shape 2 x 3 needs 6 values, got 5',
    );
  });
});
