/**
 * What the explorer's script is given: everything it shows, as JSON. Numbers of which there are many
 * are base64 of uint16 (little-endian) or uint8 arrays.
 */
export interface Payload {
  title: string;
  /** Small print; empty for none. */
  caption: string;
  /** Number of points. */
  count: number;
  images: {
    /** All images in rows, as the data URI of a PNG. */
    sprite: string;
    height: number;
    width: number;
    /** Images in a row of the sprite. */
    columns: number;
    /** Whether a light page shows them with dark and light swapped. */
    invert: boolean;
  };
  classNames: readonly string[];
  /** uint16 [count]: the class of each point. */
  labels: string;
  /** uint16 [count]: the class predicted for each point. */
  predictions: string;
  neighbours: {
    /** Neighbours of each point. */
    k: number;
    /** uint16 [count, k]: nearest first. */
    indices: string;
    /** uint16 [count]: the distance to each point's last neighbour; 65,535 is `farthest`. */
    reaches: string;
    /** uint8 [count, k]: each distance; 255 is the point's reach. */
    distances: string;
    farthest: number;
  };
  /** Ways to place the points; at least one. */
  projections: Placement[];
  /** Positions during training, in order; may be empty. */
  epochs: Placement[];
}

/** One place for every point. */
export interface Placement {
  name: string;
  /** uint16 [count, 2]: x from the left, y from the top, in a square whose side is 65,535. */
  points: string;
}
