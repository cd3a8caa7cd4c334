/** How a network is trained: by one of three choices of triplets, or by classification. */
export const STRATEGIES = ['batch_all', 'batch_hard', 'semi_hard', 'softmax'] as const;

/** One of `STRATEGIES`. */
export type Strategy = (typeof STRATEGIES)[number];
