import * as tf from '@tensorflow/tfjs';

/** The step asks for something that a compiled step cannot do. */
export class Refusal extends Error {}

type Apply = tf.layers.Layer['apply'];

/** The layer in whose `call` an error was thrown, the innermost one where layers are nested. */
const layers = new WeakMap<Error, tf.layers.Layer>();

/**
 * Runs `body`; a refusal that leaves it says in which layer and at which line of the caller's code
 * the step asked for the impossible. Other errors leave it unchanged.
 */
export function locatingRefusals<T>(body: () => T): T {
  const layer: { apply: Apply } = tf.layers.Layer.prototype;
  const [apply, { stackTraceLimit }] = [layer.apply, Error];
  layer.apply = function (this: tf.layers.Layer, ...call) {
    try {
      return apply.apply(this, call);
    } catch (error) {
      if (error instanceof Error && !layers.has(error)) layers.set(error, this);
      throw error;
    }
  };
  // The caller's line lies below every layer of the network.
  Error.stackTraceLimit = 200;
  try {
    return body();
  } catch (error) {
    throw located(error);
  } finally {
    layer.apply = apply;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function located(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const message = error instanceof Refusal ? error.message : unknownKernel(error);
  if (message === undefined) return error;
  const layer = layers.get(error);
  const lines = [
    message,
    ...(layer ? [`in the layer '${layer.name}' (${layer.getClassName()})`] : []),
    ...callerLine(error),
  ];
  return new Refusal(lines.join('\n    '), { cause: error });
}

/** tfjs's own words for a kernel without a lowering do not say that it is the compiler's lack. */
function unknownKernel({ message }: Error): string | undefined {
  const kernel = /Kernel '(\w+)' not registered/.exec(message);
  if (!kernel) return undefined;
  return (
    `compile: the step uses the tfjs kernel '${kernel[1]}', which the compiler does not know. ` +
    "Run the step on an eager engine, for instance engine: 'wasm', or write it with other operations"
  );
}

/** The innermost line of the stack that is neither tfjs's nor the compiler's. */
function callerLine({ stack = '' }: Error): string[] {
  const ours =
    /@tensorflow|node:internal|(lib|tripletlab)[\\/](dist[\\/])?engine[\\/](lowering[\\/])?[\w-]+\.[jt]s/;
  const calls = stack.split('\n').filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  return calls
    .map((line) => line.trim())
    .filter((line) => !ours.test(line))
    .slice(0, 1);
}
