import type { Graph, Value } from '../graph';
import {
  absorberOf,
  maskedBy,
  masking,
  rectifiedForm,
  rectifiedFrom,
  rectifying,
} from './absorption';
import { cast, elementwise, filled, type Lowering, type Lowerings } from './lowering';

/** tfjs kernels of one argument that ONNX has under another (or the same) name. */
const UNARY = {
  Abs: 'Abs',
  Acos: 'Acos',
  Acosh: 'Acosh',
  Asin: 'Asin',
  Asinh: 'Asinh',
  Atan: 'Atan',
  Atanh: 'Atanh',
  Ceil: 'Ceil',
  Cos: 'Cos',
  Cosh: 'Cosh',
  Erf: 'Erf',
  Exp: 'Exp',
  Floor: 'Floor',
  Log: 'Log',
  LogicalNot: 'Not',
  Neg: 'Neg',
  Reciprocal: 'Reciprocal',
  Round: 'Round',
  Selu: 'Selu',
  Sigmoid: 'Sigmoid',
  Sign: 'Sign',
  Sin: 'Sin',
  Sinh: 'Sinh',
  Softplus: 'Softplus',
  Sqrt: 'Sqrt',
  Tan: 'Tan',
  Tanh: 'Tanh',
} as const;

/** tfjs kernels of two arguments that keep the element type. */
const BINARY = {
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  Maximum: 'Max',
  Minimum: 'Min',
  Pow: 'Pow',
  Prelu: 'PRelu',
  RealDiv: 'Div',
  Sub: 'Sub',
} as const;

/** tfjs kernels of two arguments that answer yes or no. */
const COMPARISON = {
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
} as const;

/** Activations that a fused kernel may carry. */
export function activate(graph: Graph, x: Value, attributes: FusedActivation): Value {
  switch (attributes.activation) {
    case undefined:
    case null:
    case 'linear':
      return x;
    case 'relu':
      return rectify(graph, x);
    case 'relu6':
      return relu6(graph, x);
    case 'elu':
      return elementwise(graph, 'Elu', [x]);
    case 'sigmoid':
      return elementwise(graph, 'Sigmoid', [x]);
    case 'leakyrelu':
      return leakyRelu(graph, x, attributes.leakyreluAlpha ?? 0.2);
    default:
      throw new Error(`compile: the fused activation '${attributes.activation}' is not supported`);
  }
}

export interface FusedActivation {
  activation?: string | null;
  leakyreluAlpha?: number;
}

function relu6(graph: Graph, x: Value): Value {
  return elementwise(graph, 'Clip', [x, graph.scalar(0), graph.scalar(6)]);
}

function leakyRelu(graph: Graph, x: Value, alpha: number): Value {
  return graph.node('LeakyRelu', [x], x, { alpha: { float: alpha } });
}

/** a + b; a convolution takes up a bias. */
export function add(graph: Graph, a: Value, b: Value): Value {
  const absorbed = addBias(a, b) ?? addBias(b, a);
  return absorbed ?? elementwise(graph, 'Add', [a, b]);
}

function addBias(value: Value, bias: Value): Value | undefined {
  const perChannel = bias.shape.length === 1 && bias.shape[0] === value.shape.at(-1);
  return perChannel ? absorberOf(value).addBias?.(bias) : undefined;
}

/** a b; the gradient of a pooling takes up the mask of the rectification before the pooling. */
function multiply(graph: Graph, a: Value, b: Value): Value {
  return maskBy(a, b) ?? maskBy(b, a) ?? elementwise(graph, 'Mul', [a, b]);
}

function maskBy(value: Value, mask: Value): Value | undefined {
  const positive = maskedBy(mask);
  return positive && absorberOf(value).maskBy?.(positive);
}

/** max(x, 0). */
function rectify(graph: Graph, x: Value): Value {
  return rectifying(x, absorberOf(x).rectify?.() ?? elementwise(graph, 'Relu', [x]));
}

/** 1 where x > 0, else `alpha`. */
const step: Lowering<{ alpha: number }> = (graph, { x }, { alpha }) => {
  const rectified = rectifiedForm(x) ?? (rectifiedFrom(x) && x);
  if (alpha === 0 && rectified) return positiveMask(graph, rectified);
  const positive = elementwise(graph, 'Greater', [x, filled(graph, [], x.dtype, 0)], 'bool');
  if (alpha === 0) return cast(graph, positive, x.dtype);
  return elementwise(graph, 'Where', [positive, graph.scalar(1), graph.scalar(alpha)], 'float32');
};

/** The largest float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/**
 * 1 where y > 0, else 0, of rectified values. min(LARGEST y, 1) is that, in one operation instead of
 * a comparison and a cast; only below the smallest normal float32 it is a fraction.
 */
export function positiveMask(graph: Graph, y: Value): Value {
  const attributes = { alpha: { float: LARGEST }, beta: { float: 0 } };
  return masking(y, elementwise(graph, 'HardSigmoid', [y], y.dtype, attributes));
}

/** dy where y > 0, else dy (y + 1). */
const eluGradient: Lowering = (graph, { dy, y }) => {
  const negative = elementwise(graph, 'Mul', [dy, elementwise(graph, 'Add', [y, graph.scalar(1)])]);
  const positive = elementwise(graph, 'GreaterOrEqual', [y, graph.scalar(0)], 'bool');
  return elementwise(graph, 'Where', [positive, dy, negative], 'float32');
};

export const ELEMENTWISE: Lowerings = {
  ...Object.fromEntries(
    Object.entries(UNARY).map(([kernel, op]): [string, Lowering] => [
      kernel,
      (graph, { x }) => elementwise(graph, op, [x]),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(BINARY).map(([kernel, op]): [string, Lowering] => [
      kernel,
      (graph, { a, b, x, alpha }) => elementwise(graph, op, [a ?? x, b ?? alpha]),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(COMPARISON).map(([kernel, op]): [string, Lowering] => [
      kernel,
      (graph, { a, b }) => elementwise(graph, op, [a, b], 'bool'),
    ]),
  ),
  Add: (graph, { a, b }) => add(graph, a, b),
  Multiply: (graph, { a, b }) => multiply(graph, a, b),
  Relu: (graph, { x }) => rectify(graph, x),
  IsNan: (graph, { x }) => elementwise(graph, 'IsNaN', [x], 'bool'),
  IsInf: (graph, { x }) => elementwise(graph, 'IsInf', [x], 'bool'),
  IsFinite: (graph, { x }) => {
    const magnitude = elementwise(graph, 'Abs', [x]);
    return elementwise(graph, 'Less', [magnitude, graph.scalar(Infinity)], 'bool');
  },
  NotEqual: (graph, { a, b }) =>
    elementwise(graph, 'Not', [elementwise(graph, 'Equal', [a, b], 'bool')]),
  AddN: (graph, inputs) => {
    const terms = Object.values(inputs);
    return terms.length === 1 ? terms[0] : elementwise(graph, 'Sum', terms);
  },
  Square: (graph, { x }) => elementwise(graph, 'Mul', [x, x]),
  SquaredDifference: (graph, { a, b }) => {
    const difference = elementwise(graph, 'Sub', [a, b]);
    return elementwise(graph, 'Mul', [difference, difference]);
  },
  Rsqrt: (graph, { x }) => elementwise(graph, 'Reciprocal', [elementwise(graph, 'Sqrt', [x])]),
  Expm1: (graph, { x }) =>
    elementwise(graph, 'Sub', [elementwise(graph, 'Exp', [x]), graph.scalar(1)]),
  Log1p: (graph, { x }) =>
    elementwise(graph, 'Log', [elementwise(graph, 'Add', [x, graph.scalar(1)])]),
  Relu6: (graph, { x }) => relu6(graph, x),
  LeakyRelu: ((graph, { x }, { alpha }) => leakyRelu(graph, x, alpha)) satisfies Lowering<{
    alpha: number;
  }>,
  Elu: (graph, { x }) => elementwise(graph, 'Elu', [x]),
  EluGrad: eluGradient,
  Step: step,
  ClipByValue: ((graph, { x }, { clipValueMin, clipValueMax }) =>
    elementwise(graph, 'Clip', [
      x,
      graph.scalar(clipValueMin),
      graph.scalar(clipValueMax),
    ])) satisfies Lowering<{ clipValueMin: number; clipValueMax: number }>,
  FloorDiv: (graph, { a, b }) => {
    const [left, right] = [cast(graph, a, 'float32'), cast(graph, b, 'float32')];
    const quotient = elementwise(graph, 'Floor', [elementwise(graph, 'Div', [left, right])]);
    return cast(graph, quotient, a.dtype);
  },
  Select: (graph, { condition, t, e }) => {
    // tfjs lets a one-dimensional condition choose whole rows.
    const shape = [...condition.shape, ...t.shape.slice(condition.shape.length).map(() => 1)];
    const rows =
      shape.length === condition.shape.length
        ? condition
        : graph.node('Reshape', [condition, graph.integers(shape)], { shape, dtype: 'bool' });
    return elementwise(graph, 'Where', [rows, t, e], t.dtype);
  },
};
