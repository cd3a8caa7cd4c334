import type { Payload } from '../payload';

/** What an explorer shows, decoded. */
export interface ExplorerData {
  count: number;
  classNames: readonly string[];
  labels: Uint16Array;
  predictions: Uint16Array;
  /** Neighbours of each point. */
  k: number;
  /** [count, k], nearest first. */
  neighbours: Uint16Array;
  /** [count, k]. */
  distances: Float32Array;
  /** The projections, then the epochs. */
  placements: { name: string; points: Float32Array }[];
  /** The index of the first epoch; the number of placements where there is none. */
  firstEpoch: number;
}

/** Decodes a payload; positions come to lie in the unit square, y down. */
export function decode(payload: Payload): ExplorerData {
  const { k, indices, reaches, distances, farthest } = payload.neighbours;
  const reach = scaled(uint16(reaches), farthest);
  return {
    count: payload.count,
    classNames: payload.classNames,
    labels: uint16(payload.labels),
    predictions: uint16(payload.predictions),
    k,
    neighbours: uint16(indices),
    distances: Float32Array.from(
      bytes(distances),
      (share, place) => (share / 255) * reach[Math.floor(place / k)],
    ),
    placements: [...payload.projections, ...payload.epochs].map(({ name, points }) => ({
      name,
      points: scaled(uint16(points), 1),
    })),
    firstEpoch: payload.projections.length,
  };
}

/** Whether another class is predicted for a point than it has. */
export function isError({ labels, predictions }: ExplorerData, i: number): boolean {
  return labels[i] !== predictions[i];
}

/** How many points are errors. */
export function countErrors(data: ExplorerData): number {
  let errors = 0;
  for (let i = 0; i < data.count; i++) if (isError(data, i)) errors++;
  return errors;
}

/** The neighbours of point `i`, nearest first. */
export function neighboursOf(
  { k, neighbours, distances, labels }: ExplorerData,
  i: number,
): { index: number; distance: number; sameClass: boolean }[] {
  return Array.from({ length: k }, (_, rank) => {
    const index = neighbours[i * k + rank];
    return {
      index,
      distance: distances[i * k + rank],
      sameClass: labels[index] === labels[i],
    };
  });
}

/** The bytes of base64. */
function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Little-endian uint16 numbers from base64. */
function uint16(base64: string): Uint16Array {
  const pairs = bytes(base64);
  return Uint16Array.from(
    { length: pairs.length / 2 },
    (_, i) => pairs[2 * i] | (pairs[2 * i + 1] << 8),
  );
}

/** Numbers of which 65,535 stands for `greatest`. */
function scaled(numbers: Uint16Array, greatest: number): Float32Array {
  return Float32Array.from(numbers, (number) => (number / 65_535) * greatest);
}
