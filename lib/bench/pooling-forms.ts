import { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../engine/graph';
import { rectifying } from '../engine/lowering/absorption';
import { ELEMENTWISE, positiveMask } from '../engine/lowering/elementwise';
import { TO_CHANNELS_LAST } from '../engine/lowering/layout';
import { cast, elementwise } from '../engine/lowering/lowering';
import { maxWithPositions, POOLING, scatteredMaxGradient } from '../engine/lowering/pooling';
import { transpose } from '../engine/lowering/transpose';
import type { Given, GraphForm, Operation } from './graph-form';

type Info = backend_util.Conv2DInfo;
type Inputs = Record<string, Value>;

/** The attributes of the lowerings are not public. */
const NONE = {} as never;
const WINDOWS = { filterSize: 2, strides: 2, pad: 'valid' } as never;

/** The gradient of the rectification of a layer's result y: dy where y > 0, else 0. */
export const MASK: Operation = {
  name: 'mask',
  inputs: ({ outShape }) => ({ y: { ...image(outShape), rectified: true }, dy: image(outShape) }),
  engine: maskByEngine,
  forms: [
    masking('Greater, Cast, Mul', (graph, y) => cast(graph, isPositive(graph, y), 'float32')),
    { name: 'Greater, Where', write: choose },
    masking('Sign, Mul', (graph, y) => elementwise(graph, 'Sign', [y])),
    masking('HardSigmoid, Mul', positiveMask),
  ],
};

const MAX_POOLING: Operation = {
  name: 'max pooling',
  inputs: pooled,
  engine: pool,
  forms: [
    { name: 'Max of Slices, gradient by Equal', write: pool },
    { name: 'MaxPool with positions, gradient by ScatterElements', write: poolWithPositions },
  ],
};

const RECTIFIED_POOLING: Operation = {
  name: 'rectified pooling',
  inputs: pooled,
  engine: rectifyAndPoolByEngine,
  forms: [
    { name: 'rectified before', write: rectifyThenPool },
    { name: 'rectified after', write: poolThenRectify },
  ],
};

/** The 2x2 max pooling of a layer's result x, and its gradient; and with a rectification. */
export const POOLING_OPERATIONS: Operation[] = [MAX_POOLING, RECTIFIED_POOLING];

function masking(name: string, mask: (graph: Graph, y: Value) => Value): GraphForm {
  return { name, write: (graph, { y, dy }) => multiply(graph, dy, mask(graph, y)) };
}

function choose(graph: Graph, { y, dy }: Inputs): Value {
  return elementwise(graph, 'Where', [isPositive(graph, y), dy, graph.scalar(0)], 'float32');
}

function maskByEngine(graph: Graph, { y, dy }: Inputs): Value {
  // What is given is rectified already.
  const mask = one(ELEMENTWISE.Step(graph, { x: rectifying(y, y) }, { alpha: 0 } as never));
  return one(ELEMENTWISE.Multiply(graph, { a: dy, b: mask }, NONE));
}

function pool(graph: Graph, { x, dy }: Inputs): Value[] {
  const y = one(POOLING.MaxPool(graph, { x }, WINDOWS));
  return [y, one(POOLING.MaxPoolGrad(graph, { dy, input: x, output: y }, WINDOWS))];
}

function poolWithPositions(graph: Graph, { x, dy }: Inputs, layer: Info): Value[] {
  const [y] = maxWithPositions(graph, x, windowsOf(layer));
  const dx = scatteredMaxGradient(graph, dy, x, windowsOf(layer));
  return [transpose(graph, y, TO_CHANNELS_LAST), dx];
}

function rectifyAndPoolByEngine(graph: Graph, { x, dy }: Inputs): Value[] {
  const rectified = one(ELEMENTWISE.Relu(graph, { x }, NONE));
  const [y, dRectified] = pool(graph, { x: rectified, dy });
  const mask = one(ELEMENTWISE.Step(graph, { x }, { alpha: 0 } as never));
  return [y, one(ELEMENTWISE.Multiply(graph, { a: dRectified, b: mask }, NONE))];
}

function rectifyThenPool(graph: Graph, { x, dy }: Inputs): Value[] {
  const rectified = elementwise(graph, 'Relu', [x]);
  const [y, dRectified] = pool(graph, { x: rectified, dy });
  return [y, multiply(graph, dRectified, positiveMask(graph, rectified))];
}

function poolThenRectify(graph: Graph, { x, dy }: Inputs): Value[] {
  const largest = one(POOLING.MaxPool(graph, { x }, WINDOWS));
  const y = elementwise(graph, 'Relu', [largest]);
  const masked = multiply(graph, dy, positiveMask(graph, y));
  const gradient = POOLING.MaxPoolGrad(graph, { dy: masked, input: x, output: largest }, WINDOWS);
  return [y, one(gradient)];
}

function isPositive(graph: Graph, y: Value): Value {
  return elementwise(graph, 'Greater', [y, graph.scalar(0)], 'bool');
}

function multiply(graph: Graph, a: Value, b: Value): Value {
  return elementwise(graph, 'Mul', [a, b]);
}

function image(shape: readonly number[]): Given {
  return { shape, image: true };
}

/** What is pooled, and the gradient of the result. */
function pooled(info: Info): Record<string, Given> {
  const { batchSize, outHeight, outWidth, inChannels } = windowsOf(info);
  return {
    x: image(info.outShape),
    dy: image([batchSize, outHeight, outWidth, inChannels]),
  };
}

function windowsOf({ outShape }: Info): Info {
  return backend_util.computePool2DInfo(outShape, 2, 2, 1, 'valid');
}

/** What a lowering with one result appends. */
function one(result: Value | readonly Value[]): Value {
  return [result].flat()[0] as Value;
}
