import { expect, it } from 'vitest';
import { LOWERINGS } from '.';
import { CONVOLUTION } from './convolution';
import { ELEMENTWISE } from './elementwise';
import { MATMUL } from './matmul';
import { POOLING } from './pooling';
import { REDUCTION } from './reduction';
import { SHAPE } from './shape';

it('knows no kernel beyond the families, each of which is tested kernel by kernel', () => {
  const families = [CONVOLUTION, ELEMENTWISE, MATMUL, POOLING, REDUCTION, SHAPE];
  const kernels = families.flatMap((family) => Object.keys(family));
  expect(Object.keys(LOWERINGS).sort()).toEqual(kernels.sort());
});
