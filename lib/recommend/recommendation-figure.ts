import type { Figure } from '../figure/figure';
import { formatNumber } from '../figure/format';
import { imageGrid } from '../figure/image-grid';
import { ink, roleColors } from '../figure/palette';
import type { Recommendation } from './recommendation';

/** One row of the picture: a query and what was recommended for it. */
export interface RecommendationRow {
  /** The query: an item of the database, or a new one, of which the class need not be known. */
  query: { image: Uint8Array | null; className?: string };
  /** Nearest first, as `recommend` and `recommendFor` give them. */
  recommendations: readonly Recommendation[];
}

/** Options of `recommendationFigure`. */
export interface RecommendationFigureOptions {
  /** Stands above the rows; '' for none. */
  title: string;
  /** One query each; rows may differ in length. */
  rows: readonly RecommendationRow[];
  /** Rows and columns of pixels of each image. */
  imageSize: { height: number; width: number };
  /** CSS pixels for each pixel of an image, a whole number; default: an image is about 56 wide. */
  scale?: number;
  /** Whether to swap dark and light, so that digits stand dark on white; default false. */
  invert?: boolean;
}

/** What stands in one place of the grid. */
interface Picture {
  image: Uint8Array;
  caption: string;
  hover: string;
  frame: string | null;
}

const PLACES =
  'The first image of a row is the query; its nearest items follow, with Euclidean distances.';
const MARKS = '✓ in blue: of the class of the query. ✗ in orange: of another.';

/**
 * Queries and their nearest items as pictures: a row for each query, which stands first, then its
 * neighbours in their order, with their distances and whether they are of its class (nothing is said
 * of that where the class of the query is not known). Classes and ids show under the pointer.
 *
 * @throws RangeError when there is no row, or an image is missing or not height x width
 */
export function recommendationFigure(options: RecommendationFigureOptions): Figure {
  const { title, rows, imageSize, scale, invert = false } = options;
  const { height, width } = imageSize;
  if (rows.length === 0) throw new RangeError('recommendationFigure: rows must not be empty');
  const columns = 1 + Math.max(...rows.map(({ recommendations }) => recommendations.length));
  const blank: Picture = {
    image: new Uint8Array(height * width).fill(invert ? 0 : 255),
    caption: '',
    hover: '',
    frame: null,
  };
  const pictures = rows.flatMap((row) => {
    const shown = pictureRow(row, height * width);
    return [...shown, ...Array<Picture>(columns - shown.length).fill(blank)];
  });
  const judged = rows.some(({ query }) => query.className !== undefined);
  const images = new Uint8Array(pictures.length * height * width);
  pictures.forEach(({ image }, i) => images.set(image, i * height * width));
  const figure = imageGrid({
    title,
    images,
    height,
    width,
    columns,
    scale,
    invert,
    captions: pictures.map(({ caption }) => caption),
    hover: pictures.map(({ hover }) => hover),
    frames: pictures.map(({ frame }) => frame),
    caption: judged ? `${PLACES} ${MARKS}` : PLACES,
  });
  return { ...figure, alt: `${title}: ${rows.map(describeRow).join(' ')}` };
}

/** The query, then its neighbours. */
function pictureRow({ query, recommendations }: RecommendationRow, pixels: number): Picture[] {
  const { image, className } = query;
  const first = {
    image: requireImage('the query', image, pixels),
    caption: className ?? 'query',
    hover: `query${className === undefined ? '' : `: ${className}`}`,
    frame: ink.text,
  };
  const others = recommendations.map((item) => {
    const distance = formatNumber(item.distance, 3);
    const verdict = judge(className, item);
    return {
      image: requireImage(`item ${item.id}`, item.image, pixels),
      caption: verdict ? `${verdict.mark} ${distance}` : distance,
      hover: `item ${item.id}: ${item.className}, distance ${distance}`,
      frame: verdict?.color ?? null,
    };
  });
  return [first, ...others];
}

/** How an item is marked; null where the class of the query is not known. */
function judge(
  className: string | undefined,
  item: Recommendation,
): { mark: string; color: string } | null {
  if (className === undefined) return null;
  return item.className === className
    ? { mark: '✓', color: roleColors.right }
    : { mark: '✗', color: roleColors.wrong };
}

function requireImage(whose: string, image: Uint8Array | null, pixels: number): Uint8Array {
  if (image?.length === pixels) return image;
  throw new RangeError(
    `recommendationFigure: the image of ${whose} must have ${pixels} values, ` +
      `got ${image ? image.length : 'none'}`,
  );
}

/** One row in a sentence. */
function describeRow({ query, recommendations }: RecommendationRow, i: number): string {
  const count = recommendations.length;
  const name = `Query ${i + 1}${query.className === undefined ? '' : `, ${query.className}`}`;
  if (count === 0) return `${name}: no items.`;
  const items = count === 1 ? '1 item' : `${count} items`;
  const [near, far] = [recommendations[0], recommendations[count - 1]];
  const distances = `at distances ${formatNumber(near.distance, 3)} to ${formatNumber(far.distance, 3)}`;
  if (query.className === undefined) return `${name}: ${items} ${distances}.`;
  const wrong = recommendations.filter(({ className }) => className !== query.className);
  const others = [...new Set(wrong.map(({ className }) => className))].join(', ');
  return (
    `${name}: ${count - wrong.length} of ${items} of its class, ${distances}` +
    `${others && `; the others are of ${others}`}.`
  );
}
