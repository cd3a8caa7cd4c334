import { buf as crc32c } from 'crc-32/crc32c';

/**
 * One record of a TFRecord file: the length of `data` (uint64), a checksum of these eight bytes,
 * `data`, and a checksum of it; all numbers little endian. A file is its records one after another
 * (tensorflow/core/lib/io/record_writer.h).
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + 4 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length));
  record.writeUInt32LE(maskedChecksum(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedChecksum(data), 12 + data.length);
  return record;
}

/**
 * CRC-32C (Castagnoli; RFC 3720), rotated right by 15 bits plus a constant, as TensorFlow stores it:
 * a checksum of data that holds checksums would otherwise be weak.
 */
function maskedChecksum(data: Uint8Array): number {
  const checksum = crc32c(data);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}
