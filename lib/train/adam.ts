import * as tf from '@tensorflow/tfjs';

/** Options of Adam; the defaults are those of TensorFlow's AdamOptimizer and of the paper. */
export interface AdamOptions {
  /** Step size. */
  learningRate: number;
  /** Decay of the first moment. Default 0.9. */
  beta1?: number;
  /** Decay of the second moment. Default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  epsilon?: number;
}

/** An optimiser as plain tfjs arithmetic over variables, so that a whole step can be compiled. */
export interface Optimiser {
  /** The optimiser's own state, by name: part of a checkpoint. */
  variables: Record<string, tf.Variable>;
  /** Assigns the parameters and the state their values after one step. */
  apply: (gradients: Record<string, tf.Tensor>) => void;
}

/**
 * Adam (Kingma and Ba 2015, in the efficient form at the end of section 2):
 *
 *   m = beta1 m + (1 - beta1) g,  v = beta2 v + (1 - beta2) g^2
 *   w = w - learningRate sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)
 *
 * @param parameters the trainable variables by name; gradients come under the same names
 * @throws RangeError when an option is out of its range
 */
export function adam(
  parameters: Record<string, tf.Variable>,
  { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
): Optimiser {
  for (const [option, value] of Object.entries({ learningRate, epsilon })) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new RangeError(`adam: ${option} must be > 0, got ${value}`);
    }
  }
  for (const [option, value] of Object.entries({ beta1, beta2 })) {
    if (!(value >= 0 && value < 1)) {
      throw new RangeError(`adam: ${option} must be in [0, 1), got ${value}`);
    }
  }
  // The powers of the decays stand for the step count: a count would need them computed anew.
  const power1 = stateVariable([], 1);
  const power2 = stateVariable([], 1);
  // One vector for all parameters: a compiled step then has a few long operations, not many short ones.
  const length = Object.values(parameters).reduce((sum, { size }) => sum + size, 0);
  const m = stateVariable([length], 0);
  const v = stateVariable([length], 0);
  const variables = { 'adam beta1^t': power1, 'adam beta2^t': power2, 'adam m': m, 'adam v': v };
  const apply = (gradients: Record<string, tf.Tensor>): void =>
    tf.tidy(() => {
      power1.assign(power1.mul(beta1));
      power2.assign(power2.mul(beta2));
      const rate = tf.sub(1, power2).sqrt().div(tf.sub(1, power1)).mul(learningRate);
      const gradient = tf.concat(Object.keys(parameters).map((name) => gradients[name].flatten()));
      m.assign(withoutSubnormals(m.mul(beta1).add(gradient.mul(1 - beta1))));
      v.assign(withoutSubnormals(v.mul(beta2).add(gradient.square().mul(1 - beta2))));
      const change = m.div(v.sqrt().add(epsilon)).mul(rate);
      let start = 0;
      for (const parameter of Object.values(parameters)) {
        const own = change.slice([start], [parameter.size]).reshape(parameter.shape);
        parameter.assign(parameter.sub(own));
        start += parameter.size;
      }
    });
  return { variables, apply };
}

/**
 * Rounds small numbers to multiples of 9.4e-38, a unit in the last place of 1e-30, so that none is
 * subnormal. The moments of a weight whose gradient has become 0, as behind a dead ReLU, decay to
 * subnormal numbers and stay there, and arithmetic on those is so slow that a step of a collapsed
 * network would take twice its time. What is lost is too little to change a weight.
 */
function withoutSubnormals(x: tf.Tensor): tf.Tensor {
  return x.add(1e-30).sub(1e-30);
}

function stateVariable(shape: number[], value: number): tf.Variable {
  return tf.tidy(() => tf.variable(tf.fill(shape, value), false));
}
