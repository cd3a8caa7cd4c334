import type { backend_util } from '@tensorflow/tfjs';
import { CONVOLUTION } from '../engine/lowering/convolution';
import { FORWARD_FORMS, INPUT_GRADIENT_FORMS } from './convolution-forms';
import { FILTER_GRADIENT_FORMS } from './filter-gradient-forms';
import type { Given, GraphForm, Operation, Write } from './graph-form';

type Info = backend_util.Conv2DInfo;

const FORWARD: Operation = {
  name: 'forward',
  inputs: (info) => ({ x: image(info.inShape), filter: filterOf(info) }),
  arithmetic,
  engine: lowered('Conv2D', () => ({})),
  forms: FORWARD_FORMS,
};

const INPUT_GRADIENT: Operation = {
  name: 'input gradient',
  inputs: (info) => ({ dy: image(info.outShape), filter: filterOf(info) }),
  arithmetic,
  engine: lowered('Conv2DBackpropInput', ({ inShape }) => ({ inputShape: inShape })),
  forms: INPUT_GRADIENT_FORMS,
};

const FILTER_GRADIENT: Operation = {
  name: 'filter gradient',
  inputs: (info) => ({ x: image(info.inShape), dy: image(info.outShape) }),
  arithmetic,
  engine: lowered('Conv2DBackpropFilter', ({ filterShape }) => ({ filterShape })),
  forms: FILTER_GRADIENT_FORMS,
};

/** What a first layer takes in a training step, where both may share the columns. */
const FORWARD_AND_FILTER_GRADIENT: Operation = {
  name: 'forward + filter gradient',
  inputs: (info) => ({ ...FORWARD.inputs(info), ...FILTER_GRADIENT.inputs(info) }),
  arithmetic: (info) => 2 * arithmetic(info),
  engine: both(FORWARD.engine, FILTER_GRADIENT.engine),
  forms: [
    pair('Conv between transpositions', 'columns by Gather'),
    pair('Conv between transpositions', 'columns by Slice'),
    pair('columns by Gather', 'columns by Gather'),
    pair('columns by Slice', 'columns by Slice'),
    pair('in blocks', 'columns by Gather'),
    pair('in blocks', 'in blocks'),
  ],
};

/** A convolution and its gradients. */
export const CONVOLUTION_OPERATIONS: Operation[] = [
  FORWARD,
  INPUT_GRADIENT,
  FILTER_GRADIENT,
  FORWARD_AND_FILTER_GRADIENT,
];

function image(shape: readonly number[]): Given {
  return { shape, image: true };
}

function filterOf({ filterShape }: Info): Given {
  return { shape: filterShape, image: false };
}

/** One multiplication and one addition for each weight at each position, in the padding too. */
function arithmetic(info: Info): number {
  const { batchSize, outHeight, outWidth, outChannels, inChannels } = info;
  const weights = info.filterHeight * info.filterWidth * inChannels * outChannels;
  return 2 * batchSize * outHeight * outWidth * weights;
}

/** What the engine makes of a tfjs kernel. */
function lowered(kernel: string, shapes: (info: Info) => object): Write {
  return (graph, inputs, info) => {
    const attributes = {
      strides: [info.strideHeight, info.strideWidth],
      pad: info.padInfo.type.toLowerCase(),
      dataFormat: 'NHWC',
      ...shapes(info),
    };
    return CONVOLUTION[kernel](graph, inputs, attributes as never);
  };
}

function both(first: Write, second: Write): Write {
  return (...given) => [first(...given), second(...given)].flat();
}

function pair(forward: string, gradient: string): GraphForm {
  const first = FORWARD_FORMS.find(({ name }) => name === forward)!;
  const second = FILTER_GRADIENT_FORMS.find(({ name }) => name === gradient)!;
  return {
    name: `${forward} + ${gradient}`,
    write: both(first.write, second.write),
    takes: (...given) => [first, second].every(({ takes }) => takes?.(...given) ?? true),
  };
}
