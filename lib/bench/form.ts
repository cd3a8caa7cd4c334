import { permutation, randomNormal, seededRandom } from '../data/random';
import type { Step } from '../engine/step';

/** A piece of tfjs code to be timed alone, compiled, with the arrays that it is given. */
export interface Form {
  inputs: (
    batch: number,
  ) => Record<string, { data: Float32Array | Int32Array; shape: [number, ...number[]] }>;
  step: Step;
}

/** Standard normal numbers: float32 [rows, columns]. */
export function randomMatrix(
  rows: number,
  columns: number,
): { data: Float32Array; shape: [number, number] } {
  const random = seededRandom(0);
  const data = Float32Array.from({ length: rows * columns }, () => randomNormal(random));
  return { data, shape: [rows, columns] };
}

/** In every row the numbers of the columns in a random order: int32 [size, size]. */
export function randomOrders(size: number): { data: Int32Array; shape: [number, number] } {
  const random = seededRandom(1);
  const data = new Int32Array(size * size);
  for (let row = 0; row < size; row++) data.set(permutation(size, random), row * size);
  return { data, shape: [size, size] };
}

/** Labels of ten classes in turn: int32 [size]. */
export function tenClasses(size: number): { data: Int32Array; shape: [number] } {
  return { data: Int32Array.from({ length: size }, (_, i) => i % 10), shape: [size] };
}
