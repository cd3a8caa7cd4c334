import { CONVOLUTION } from './convolution';
import { ELEMENTWISE } from './elementwise';
import type { Lowerings } from './lowering';
import { MATMUL } from './matmul';
import { POOLING } from './pooling';
import { REDUCTION } from './reduction';
import { SHAPE } from './shape';

/** Every tfjs kernel that the compiler knows. */
export const LOWERINGS: Lowerings = {
  ...CONVOLUTION,
  ...ELEMENTWISE,
  ...MATMUL,
  ...POOLING,
  ...REDUCTION,
  ...SHAPE,
};
