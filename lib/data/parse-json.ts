/** Files of ours are nested less than ten deep; a recursive function bears a few thousand. */
const DEEPEST = 200;

/**
 * JSON from elsewhere: `JSON.parse` with a limit to its depth, lest what goes through the value
 * exhausts the stack.
 *
 * @throws SyntaxError when it is not JSON; RangeError when lists and objects are nested deeper than 200
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeeper(value, DEEPEST)) {
    throw new RangeError(`lists and objects must be nested at most ${DEEPEST} deep`);
  }
  return value;
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeper(inner, depth - 1));
}
