import { expect, it } from 'vitest';
import { LOWERINGS } from '.';
import { CONVOLUTION } from './convolution';
import { DEPTHWISE_CONVOLUTION } from './depthwise-convolution';
import { EINSUM } from './einsum';
import { ELEMENTWISE } from './elementwise';
import { MATMUL } from './matmul';
import { MIRROR_PAD } from './mirror-pad';
import { POOLING } from './pooling';
import { REDUCTION } from './reduction';
import { RESIZE } from './resize';
import { SCATTER } from './scatter';
import { SEQUENCE } from './sequence';
import { SHAPE } from './shape';

it('knows no kernel beyond the families, each of which is tested kernel by kernel', () => {
  const families = [
    CONVOLUTION,
    DEPTHWISE_CONVOLUTION,
    EINSUM,
    ELEMENTWISE,
    MATMUL,
    MIRROR_PAD,
    POOLING,
    REDUCTION,
    RESIZE,
    SCATTER,
    SEQUENCE,
    SHAPE,
  ];
  const kernels = families.flatMap((family) => Object.keys(family));
  expect(Object.keys(LOWERINGS).sort()).toEqual(kernels.sort());
});
