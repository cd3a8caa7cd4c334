import { Root } from 'protobufjs/light';

/** What was measured at one step of a training. */
export interface LoggedEvent {
  /** Training steps done, a whole number. */
  step: number;
  /** When, in seconds since the beginning of 1970. */
  wallTime: number;
  /**
   * What, by tag: a number (stored as float32; NaN and infinities are shown as such), or a picture, the
   * bytes of a PNG. Tags are made of letters, digits, '_', '-', '.' and '/', which groups them.
   */
  values: Readonly<Record<string, number | Uint8Array>>;
}

/** TensorFlow's messages (core/util/event.proto, core/framework/summary.proto), what is used of them. */
const messages = Root.fromJSON({
  nested: {
    Event: {
      fields: {
        wallTime: { type: 'double', id: 1 },
        step: { type: 'int64', id: 2 },
        fileVersion: { type: 'string', id: 3 },
        summary: { type: 'Summary', id: 5 },
      },
    },
    Summary: { fields: { value: { rule: 'repeated', type: 'Value', id: 1 } } },
    Value: {
      fields: {
        tag: { type: 'string', id: 1 },
        simpleValue: { type: 'float', id: 2 },
        image: { type: 'Image', id: 4 },
      },
    },
    Image: {
      fields: {
        height: { type: 'int32', id: 1 },
        width: { type: 'int32', id: 2 },
        colorspace: { type: 'int32', id: 3 },
        encodedImageString: { type: 'bytes', id: 4 },
      },
    },
  },
});

const Event = messages.lookupType('Event');

/** The first event of a file, by which readers know the format. */
export function encodeVersion(wallTime: number): Uint8Array {
  return Event.encode({ wallTime, fileVersion: 'brain.Event:2' }).finish();
}

/**
 * An event as protobuf bytes.
 *
 * @throws RangeError when the step is not a whole number >= 0, the time is not finite, a tag has other
 *   characters than those allowed, or a picture is no PNG
 */
export function encodeEvent({ step, wallTime, values }: LoggedEvent): Uint8Array {
  if (!(Number.isSafeInteger(step) && step >= 0)) {
    throw new RangeError(`encodeEvent: step must be a whole number >= 0, got ${step}`);
  }
  if (!Number.isFinite(wallTime)) {
    throw new RangeError(`encodeEvent: wallTime must be finite, got ${wallTime}`);
  }
  const value = Object.entries(values).map(([tag, content]) => ({
    tag: checkedTag(tag),
    ...(typeof content === 'number' ? { simpleValue: content } : { image: image(tag, content) }),
  }));
  return Event.encode({ wallTime, step, summary: { value } }).finish();
}

function checkedTag(tag: string): string {
  if (/^[\w.-][\w./-]*$/.test(tag)) return tag;
  throw new RangeError(
    `encodeEvent: a tag must be made of letters, digits, '_', '-', '.' and, not in front, '/', ` +
      `got ${JSON.stringify(tag)}`,
  );
}

/** A PNG's first bytes: its signature, and the length and name of its first chunk. */
const PNG = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');

/** By a PNG's colour type: grey 1, grey with alpha 2, RGB (palettes too) 3, RGBA 4. */
const COLORSPACES: Record<number, number> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

/** A PNG with what its header says of it. */
function image(tag: string, png: Uint8Array): Record<string, unknown> {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (bytes.length < 33 || !bytes.subarray(0, PNG.length).equals(PNG)) {
    throw new RangeError(`encodeEvent: picture '${tag}' must be the bytes of a PNG`);
  }
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    colorspace: COLORSPACES[bytes[25]],
    encodedImageString: bytes,
  };
}
