/**
 * @param values by name: { batchSize }
 * @throws RangeError when one of `values` is not a whole number > 0
 */
export function requirePositive(caller: string, values: Record<string, number>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new RangeError(`${caller}: ${name} must be a whole number > 0, got ${value}`);
    }
  }
}
