import type { Neighbours } from '../evaluate/neighbours';
import { base64 } from './base64';
import type { ExplorerOptions } from './explorer-options';
import type { Payload } from './payload';
import { placeEpochs, placeProjections } from './placements';
import { sprite } from './sprite';

/** The greatest values of the two types that numbers travel as. */
const UINT8 = 255;
const UINT16 = 65_535;

/** Packs what an explorer shows, checked before, for its script. */
export function pack(
  options: ExplorerOptions,
  neighbours: Neighbours,
  predictions: ArrayLike<number>,
): Payload {
  const { title, caption = '', images, height, width, invert = true, projections } = options;
  const { png, columns } = sprite(images, height, width);
  const [first] = Object.values(projections);
  return {
    title,
    caption,
    count: options.embeddings.shape[0],
    images: {
      sprite: `data:image/png;base64,${base64(png)}`,
      height,
      width,
      columns,
      invert,
    },
    classNames: options.classNames,
    labels: base64(Uint16Array.from(options.labels)),
    predictions: base64(Uint16Array.from(predictions)),
    neighbours: packNeighbours(neighbours),
    projections: placeProjections(projections),
    epochs: placeEpochs(options.epochs ?? [], first),
  };
}

/** A byte for a distance, as a share of its point's last one: wrong by a 510th of that at most. */
function packNeighbours({ k, indices, distances }: Neighbours): Payload['neighbours'] {
  const count = distances.length / k;
  const reaches = Float32Array.from({ length: count }, (_, i) => distances[(i + 1) * k - 1]);
  const farthest = reaches.reduce((most, reach) => Math.max(most, reach), 0);
  const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
  return {
    k,
    indices: base64(Uint16Array.from(indices)),
    reaches: base64(
      Uint16Array.from(reaches, (reach) => Math.round(UINT16 * share(reach, farthest))),
    ),
    distances: base64(
      Uint8Array.from(distances, (distance, place) =>
        Math.round(UINT8 * share(distance, reaches[Math.floor(place / k)])),
      ),
    ),
    farthest,
  };
}
