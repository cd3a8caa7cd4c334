/** Emitted on `process` by the kernel when a cell has ended, for what lives as long as a cell. */
export const CELL_ENDED = 'tripletlab:cell-ended';
