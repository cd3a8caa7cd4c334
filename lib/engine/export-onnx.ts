import type * as tf from '@tensorflow/tfjs';
import { writeAtomically } from '../data/write-atomically';
import { OPEN, traceAnyBatch, type FixedInputs } from './dynamic-batch';
import { encodeModel } from './onnx-model';
import type { Step } from './step';
import { trace, variableInput } from './trace';

/** Options of `exportOnnx`. */
export interface OnnxExportOptions {
  /** Notes to keep in the file (ONNX: metadata_props): where the weights come from, say. Default: none. */
  metadata?: Record<string, string>;
}

/**
 * Writes a network, as it is now, to an ONNX file (operator set 18): the input `images`, float32
 * [batch, height, width, channels] with any batch, and the output `embeddings`, float32 [batch, d].
 * The weights are initialisers, named by their layer: 'Conv2D_0/kernel'. It is the network of
 * inference: dropout does nothing. Equal networks give equal bytes. The file is written atomically;
 * missing folders are made.
 *
 * @throws Error when the network has several inputs or outputs, another open dimension than the
 *   batch, or operations that the compiler does not know, or when the file cannot be written
 */
export function exportOnnx(
  model: tf.LayersModel,
  path: string,
  { metadata }: OnnxExportOptions = {},
): void {
  const shape = imageShape(model);
  const weights = weightsByLayer(model);
  const embed: Step = ({ images }) => ({
    embeddings: model.apply(images, { training: false }) as tf.Tensor,
  });
  const { graph, outputs } = traceAnyBatch(
    (batch) =>
      trace(embed, {
        inputs: { images: { shape: [batch, ...shape], dtype: 'float32' } },
        variables: weights,
      }),
    valuesByInput(weights),
  );
  const [batch, ...others] = outputs.embeddings.shape;
  if (batch !== OPEN || others.includes(OPEN)) {
    throw new Error(
      `exportOnnx: the network must give one embedding per image, got [${outputs.embeddings.shape}]`,
    );
  }
  writeAtomically(path, encodeModel(graph, outputs, { name: 'embedding', metadata }));
}

/** [height, width, channels] of the network's only input. */
function imageShape(model: tf.LayersModel): number[] {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new Error(
      'exportOnnx: the network must have one input and one output, ' +
        `got ${model.inputs.length} and ${model.outputs.length}`,
    );
  }
  const [batch, ...shape] = model.inputs[0].shape;
  if (batch !== null || shape.some((dimension) => dimension === null)) {
    throw new Error(
      'exportOnnx: the batch, and nothing else, must be open in the input of the network, ' +
        `got [${model.inputs[0].shape.map((dimension) => dimension ?? 'open').join(', ')}]`,
    );
  }
  return shape as number[];
}

/** The weights by the place and kind of their layer; tfjs's own names count up within a process. */
function weightsByLayer(model: tf.LayersModel): Record<string, tf.Variable> {
  const weights: Record<string, tf.Variable> = {};
  model.layers.forEach((layer, i) =>
    layer.weights.forEach((weight, k) => {
      const role = weight.originalName.split('/').at(-1);
      const name = `${layer.getClassName()}_${i}/${role}`;
      // A model inside the model has several weights of one role.
      weights[name in weights ? `${name}_${k}` : name] = weight.read() as tf.Variable;
    }),
  );
  return weights;
}

function valuesByInput(weights: Record<string, tf.Variable>): FixedInputs {
  return Object.fromEntries(
    Object.entries(weights).map(([name, variable]) => [
      variableInput(name),
      { name, data: variable.dataSync<'float32'>().slice() },
    ]),
  );
}
