import { endianness } from 'node:os';
import { join } from 'node:path';
import { row, type Matrix } from '../data/matrix';
import { requireFinite } from '../data/require-finite';
import { writeAtomically } from '../data/write-atomically';
import { projectorMetadata, type PointClasses } from './projector-metadata';
import { spriteOf, type Sprite, type SpriteImages } from './sprite';

/** What the embedding projector shows. */
export interface ProjectorOptions extends PointClasses {
  /** Where the files are written; made if it is missing. */
  folder: string;
  /** [n, d]: the points, d > 1. */
  embeddings: Matrix;
  /** [n]: the image of each point. Default: none. */
  images?: SpriteImages;
  /** Whether to show the images with black and white exchanged. Default: false. */
  invert?: boolean;
  /** What the points are called: letters, digits, '_', '-', '.'. Default: 'embeddings'. */
  name?: string;
  /** Where the folder will be served: begins the paths in the standalone projector's file. Default ''. */
  baseUrl?: string;
}

/**
 * Writes embeddings for TensorBoard's embedding projector, which projects them by PCA, t-SNE or UMAP
 * as one watches:
 *
 * - NAME.tsv: the points as text, for TensorBoard and for 'Load' in the standalone projector
 * - NAME.bytes: the same as float32, little endian
 * - metadata.tsv: of each point its class, index and, where given, prediction
 * - sprite.png: all images in one; see `spriteOf`
 * - projector_config.pbtxt: for TensorBoard, which finds it beside an event file
 * - projector_config.json: for the standalone projector, which takes its address as ?config=
 *
 * @throws RangeError when an array has not one entry for each of the n points, a class is not an index
 *   into `classNames`, d is 1, n is 0, a value is not finite, or there are more images than fit
 */
export function exportProjector(options: ProjectorOptions): void {
  const { folder, embeddings, images, invert = false, name = 'embeddings', baseUrl = '' } = options;
  check(options, name);
  const write = (file: string, content: string | Uint8Array): void =>
    writeAtomically(join(folder, file), content);
  const sprite = images && spriteOf(images, invert);
  if (sprite) write('sprite.png', sprite.png);
  write('metadata.tsv', projectorMetadata(options));
  write(`${name}.tsv`, tsv(embeddings));
  write(`${name}.bytes`, littleEndian(embeddings.data));
  write('projector_config.pbtxt', tensorBoardConfig(name, embeddings, sprite));
  write('projector_config.json', standaloneConfig(name, embeddings, sprite, baseUrl));
}

function check(
  { embeddings, images, classNames, ...options }: ProjectorOptions,
  name: string,
): void {
  const [n, d] = embeddings.shape;
  const wrong = (what: string): RangeError => new RangeError(`exportProjector: ${what}`);
  if (!/^[\w.-]+$/.test(name)) {
    throw wrong(
      `name must be made of letters, digits, '_', '-' and '.', got ${JSON.stringify(name)}`,
    );
  }
  if (!(n > 0 && d > 1)) throw wrong(`embeddings must be n x d, n > 0, d > 1, got ${n} x ${d}`);
  requireFinite('exportProjector', 'embeddings', embeddings);
  for (const key of ['labels', 'predictions'] as const) {
    const classes = options[key];
    if (!classes) continue;
    if (classes.length !== n) throw wrong(`${key} must have ${n} entries, got ${classes.length}`);
    const i = Array.from(classes).findIndex((label) => !(label in classNames));
    if (i === -1) continue;
    throw wrong(
      `${key}[${i}] must be an index into the ${classNames.length} classNames, got ${classes[i]}`,
    );
  }
  if (images && images.images.length !== n * images.height * images.width) {
    throw wrong(
      `images must hold ${n} x ${images.height} x ${images.width} values, ` +
        `got ${images.images.length}`,
    );
  }
}

/** A line for each row, values between tabs; nine digits tell all float32 values apart. */
function tsv(m: Matrix): string {
  const lines = Array.from({ length: m.shape[0] }, (_, i) =>
    Array.from(row(m, i), (x) => String(Number(x.toPrecision(9)))).join('\t'),
  );
  return `${lines.join('\n')}\n`;
}

function littleEndian(data: Float32Array): Uint8Array {
  const bytes = Buffer.from(data.slice().buffer);
  return endianness() === 'LE' ? bytes : bytes.swap32();
}

/** Protobuf text of a ProjectorConfig (tensorboard/plugins/projector/projector_config.proto). */
function tensorBoardConfig(name: string, { shape }: Matrix, sprite?: Sprite): string {
  const lines = [
    'embeddings {',
    `  tensor_name: "${name}"`,
    ...shape.map((size) => `  tensor_shape: ${size}`),
    `  tensor_path: "${name}.tsv"`,
    '  metadata_path: "metadata.tsv"',
  ];
  if (sprite) {
    lines.push(
      '  sprite {',
      '    image_path: "sprite.png"',
      `    single_image_dim: ${sprite.imageWidth}`,
      `    single_image_dim: ${sprite.imageHeight}`,
      '  }',
    );
  }
  return [...lines, '}', ''].join('\n');
}

function standaloneConfig(
  name: string,
  { shape }: Matrix,
  sprite: Sprite | undefined,
  base: string,
): string {
  const at = (file: string): string => base + file;
  const embedding = {
    tensorName: name,
    tensorShape: shape,
    tensorPath: at(`${name}.bytes`),
    metadataPath: at('metadata.tsv'),
    ...(sprite && {
      sprite: {
        imagePath: at('sprite.png'),
        singleImageDim: [sprite.imageWidth, sprite.imageHeight],
      },
    }),
  };
  return `${JSON.stringify({ embeddings: [embedding] }, null, 2)}\n`;
}
