import { CONVOLUTION } from './convolution';
import { DEPTHWISE_CONVOLUTION } from './depthwise-convolution';
import { EINSUM } from './einsum';
import { ELEMENTWISE } from './elementwise';
import type { Lowerings } from './lowering';
import { MATMUL } from './matmul';
import { MIRROR_PAD } from './mirror-pad';
import { POOLING } from './pooling';
import { REDUCTION } from './reduction';
import { RESIZE } from './resize';
import { SCATTER } from './scatter';
import { SEQUENCE } from './sequence';
import { SHAPE } from './shape';

/** Every tfjs kernel that the compiler knows. */
export const LOWERINGS: Lowerings = {
  ...CONVOLUTION,
  ...DEPTHWISE_CONVOLUTION,
  ...EINSUM,
  ...ELEMENTWISE,
  ...MATMUL,
  ...MIRROR_PAD,
  ...POOLING,
  ...REDUCTION,
  ...RESIZE,
  ...SCATTER,
  ...SEQUENCE,
  ...SHAPE,
};
