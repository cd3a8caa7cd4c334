import { randomInteger, type Random } from '../data/random';

/** Numbers at the edges of what numbers can be. */
const NUMBERS = [
  ...[0, -0, 1, -1, 0.5, 1e-320, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 1e21],
  ...[255, 256, 65_536, -(2 ** 31), 64, 1e6],
];

/** Where a fuzzed program must not write: outside of the folder that it runs in. */
export const ESCAPED = 'tripletlab-escaped';

/** Text that has a meaning to a browser, a shell, a file system, SQL, a terminal or JavaScript. */
export const HOSTILE = [
  '<img src=x onerror="window.pwned=1">',
  '</script><script>window.pwned=1</script>',
  '"><svg onload=window.pwned=1>',
  'javascript:window.pwned=1',
  `../../../../${ESCAPED}`,
  `/tmp/${ESCAPED}`,
  `..\\..\\${ESCAPED}`,
  `x\u0000/${ESCAPED}`,
  `$(touch ../${ESCAPED})`,
  `'; COPY runs TO '../${ESCAPED}'; --`,
  '__proto__',
  'constructor',
  'toString',
  '\u001b]0;pwned\u0007\u001b[2J',
  '\u202egpj.exe',
  '\ud800',
  '',
  '\n'.repeat(50),
  'a'.repeat(10_000),
  '$\\def\\a{\\a\\a}\\a$',
  '(a+)+$',
  '${7*7}',
  'null',
  'NaN',
];

/** One of `items`. */
export function pick<T>(items: readonly T[], random: Random): T {
  return items[randomInteger(random, items.length)];
}

/** A copy of bytes with one to four faults: flipped, cut, doubled, spliced, overwritten. */
export function mutatedBytes(original: Uint8Array, random: Random): Uint8Array {
  let bytes = Buffer.from(original);
  const at = (): number => randomInteger(random, bytes.length + 1);
  for (let faults = randomInteger(random, 4); faults >= 0; faults--) {
    const [a, b] = [at(), at()].sort((x, y) => x - y);
    const faultsOf: (() => Buffer)[] = [
      () => {
        if (a < bytes.length) bytes[a] ^= 1 << randomInteger(random, 8);
        return bytes;
      },
      () => bytes.subarray(0, a),
      () => Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]),
      () => Buffer.concat([bytes.subarray(0, b), bytes.subarray(a, a + 4096), bytes.subarray(b)]),
      () => {
        const edge = pick([0, 1, 0x7f, 0x80, 0xff], random);
        return Buffer.concat([
          bytes.subarray(0, a),
          Buffer.alloc(1 + randomInteger(random, 8), edge),
          bytes.subarray(a + 1),
        ]);
      },
      () =>
        Buffer.concat([
          bytes.subarray(0, a),
          Buffer.from(pick(HOSTILE, random)),
          bytes.subarray(a),
        ]),
    ];
    // A copy: what was cut out of the original must not be changed through it.
    bytes = Buffer.from(pick(faultsOf, random)());
  }
  return bytes;
}

/** A copy of a JSON value with one to three places changed: type, extreme, hostile text, depth, name. */
export function mutatedValue(original: unknown, random: Random): unknown {
  let value = structuredClone(original);
  for (let faults = randomInteger(random, 3); faults >= 0; faults--) {
    value = mutatedPlace(value, random);
  }
  return value;
}

function mutatedPlace(value: unknown, random: Random): unknown {
  const isContainer = typeof value === 'object' && value !== null;
  if (!isContainer || Object.keys(value).length === 0 || random() < 0.08) return strange(random);
  const record = value as Record<string, unknown>;
  const key = pick(Object.keys(record), random);
  const chance = random();
  if (chance < 0.06) delete record[key];
  else if (chance < 0.12) define(record, pick(HOSTILE, random), record[key]);
  else if (chance < 0.16 && Array.isArray(value)) value.push(...(value as unknown[]).slice(0, 50));
  else define(record, key, mutatedPlace(record[key], random));
  return value;
}

/** Sets a property, `__proto__` being a name like any other, as it is to JSON. */
function define(record: object, key: string, value: unknown): void {
  const own = { value, enumerable: true, configurable: true, writable: true };
  Object.defineProperty(record, key, own);
}

function strange(random: Random): unknown {
  const kinds: (() => unknown)[] = [
    () => pick(NUMBERS, random),
    () => pick(HOSTILE, random),
    () => pick([null, true, false, [], {}, [null], [[]], { a: null }], random),
    () => Array.from({ length: randomInteger(random, 20) }, () => pick(NUMBERS, random)),
    () => nested(pick([10, 150, 1000, 5000], random), random() < 0.5),
  ];
  return pick(kinds, random)();
}

function nested(depth: number, inLists: boolean): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = inLists ? [value] : { a: value };
  return value;
}

/** JSON of a value of any depth, which JSON.stringify would not survive. */
export function jsonOf(value: unknown): string {
  const pieces: string[] = [];
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (next instanceof Literal) pieces.push(next.text);
    else if (typeof next !== 'object' || next === null) pieces.push(JSON.stringify(next) ?? 'null');
    else {
      const entries = Object.entries(next);
      const [open, close] = Array.isArray(next) ? '[]' : '{}';
      rest.push(new Literal(close));
      for (let i = entries.length - 1; i >= 0; i--) {
        rest.push(entries[i][1]);
        const name = Array.isArray(next) ? '' : `${JSON.stringify(entries[i][0])}:`;
        rest.push(new Literal(`${i > 0 ? ',' : ''}${name}`));
      }
      rest.push(new Literal(open));
    }
  }
  return pieces.join('');
}

class Literal {
  constructor(readonly text: string) {}
}
