import { majorityVotes } from '../evaluate/neighbour-votes';
import { nearestNeighbours } from '../evaluate/neighbours';
import type { Figure } from '../figure/figure';
import { scatter } from '../figure/scatter';
import { checkExplorer } from './check';
import { explorerHtml } from './explorer-html';
import type { ExplorerOptions } from './explorer-options';
import { pack } from './pack';

/**
 * An explorer of embeddings: all points on a plane to zoom and move in, each with its image; their
 * nearest neighbours in the embedding, which a projection can only approximate; the errors; and the
 * course of training. One piece of HTML with its script, which loads nothing. The still form is a
 * scatter of the first projection.
 *
 * In the search, the only part that takes long, n^2 distances are computed: seconds for 10,000
 * points. 10,000 images of 28 x 28 pixels make about 2 MB of HTML.
 *
 * @throws RangeError when something has a wrong length or shape, is not finite, or is out of range;
 *   the signal's reason when it aborts; Error when the library is not built
 */
export async function explorer(options: ExplorerOptions): Promise<Figure> {
  const count = checkExplorer(options);
  const { title, labels, classNames, embeddings, projections, caption, signal, onProgress } =
    options;
  const k = options.neighbours ?? Math.min(10, count - 1);
  const search = { excludeSelf: true, signal, onProgress };
  const neighbours = await nearestNeighbours(embeddings, embeddings, k, search);
  const predictions = options.predictions ?? majorityVotes(neighbours, labels);

  const [[name, points]] = Object.entries(projections);
  const still = scatter({ title: `${title}, ${name}`, points, labels, classNames, caption });
  const names = [...Object.keys(projections), ...(options.epochs?.length ? ['training'] : [])];
  const alt = `${still.alt} As an explorer: ${names.join(', ')}.`;
  const payload = pack(options, neighbours, predictions);
  return {
    alt,
    width: still.width,
    height: still.height,
    interactive: { scriptedHtml: explorerHtml(payload, alt, still) },
    png: () => still.png(),
  };
}
