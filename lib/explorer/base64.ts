/** The bytes of numbers as base64; those of two bytes little-endian. */
export function base64(numbers: Uint8Array | Uint16Array): string {
  if (numbers instanceof Uint8Array) return Buffer.from(numbers).toString('base64');
  const bytes = Buffer.alloc(2 * numbers.length);
  numbers.forEach((number, i) => bytes.writeUInt16LE(number, 2 * i));
  return bytes.toString('base64');
}
