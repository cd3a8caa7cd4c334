import * as tf from '@tensorflow/tfjs';
import { imageBatch, labelBatch, type ImageSet } from '../data/dataset';
import type { Sampler } from '../data/sampler';
import { compile } from '../engine/compile';
import type { EngineOptions } from '../engine/device';
import type { CompiledStep, StepSignature } from '../engine/step';
import { assign } from '../engine/trace';
import { adam, type AdamOptions, type Optimiser } from './adam';
import type { NamedArrays } from './checkpoint';
import { lossAndGradients } from './gradients';
import type { Objective } from './objective';

/** What a training step reports: the scalars of its objective. */
export type StepMetrics = Record<string, number>;

/** What is to be trained, on what, and how. */
export interface TrainerOptions extends EngineOptions {
  /** From float32 [batch, height, width, 1] to embeddings [batch, d]. */
  model: tf.LayersModel;
  /** From embeddings to the logits [batch, classes] that softmax needs; trained with the model. */
  head?: tf.LayersModel;
  objective: Objective;
  optimiser: AdamOptions;
  images: ImageSet;
  batches: Sampler;
}

/** Trains a network, one batch at a time. Its state can be saved and put back between any two. */
export class Trainer {
  private readonly variables: Record<string, tf.Variable>;
  private readonly optimiser: Optimiser;
  private readonly parameters: Record<string, tf.Variable>;
  private step: CompiledStep | undefined;

  constructor(private readonly options: TrainerOptions) {
    const weights = trainedWeights(options.model, options.head);
    this.parameters = Object.fromEntries(
      Object.entries(weights).filter(([, weight]) => weight.trainable),
    );
    this.optimiser = adam(this.parameters, options.optimiser);
    // What is not trained may change all the same: batch normalisation's moving averages.
    this.variables = { ...weights, ...this.optimiser.variables };
  }

  /** Runs step number `index` (from 0): on its batch, the loss, the gradients and the update. */
  async train(index: number): Promise<StepMetrics> {
    this.step ??= await this.prepare();
    const { images, batches } = this.options;
    const indices = batches.batch(index);
    const outputs = await this.step.run({
      images: imageBatch(images, indices),
      labels: labelBatch(images, indices),
    });
    return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data[0]]));
  }

  private prepare(): Promise<CompiledStep> {
    const { model, head, objective, batches, images, engine, threads } = this.options;
    const signature: StepSignature = {
      inputs: {
        images: { shape: [batches.batchSize, images.height, images.width, 1], dtype: 'float32' },
        labels: { shape: [batches.batchSize], dtype: 'int32' },
      },
      variables: this.variables,
    };
    return compile(
      (inputs) => {
        const { outputs, gradients } = lossAndGradients(() => {
          const embeddings = model.apply(inputs.images, { training: true }) as tf.Tensor2D;
          const logits = head?.apply(embeddings, { training: true }) as tf.Tensor2D | undefined;
          return objective(embeddings, inputs.labels as tf.Tensor1D, logits);
        }, this.parameters);
        this.optimiser.apply(gradients);
        return { ...outputs };
      },
      signature,
      { engine, threads },
    );
  }

  /** The parameters and the optimiser's state, as they are after the last step. */
  state(): NamedArrays {
    this.step?.readVariables();
    const arrays: NamedArrays = {};
    for (const [name, variable] of Object.entries(this.variables)) {
      arrays[name] = { data: variable.dataSync<'float32'>().slice(), shape: variable.shape };
    }
    return arrays;
  }

  /**
   * Puts a saved state back, before the first step.
   *
   * @throws Error when the names or shapes are not those of this network
   */
  restore(arrays: NamedArrays): void {
    restoreVariables(this.variables, arrays);
  }

  /** Frees the compiled step and the optimiser's variables; the model stays. */
  async dispose(): Promise<void> {
    this.step?.readVariables();
    await this.step?.dispose();
    for (const variable of Object.values(this.optimiser.variables)) variable.dispose();
  }
}

/**
 * Gives variables the values that were saved under their names.
 *
 * @throws Error when a name is missing or a shape is another
 */
export function restoreVariables(
  variables: Record<string, tf.Variable>,
  arrays: NamedArrays,
): void {
  for (const [name, variable] of Object.entries(variables)) {
    const saved = arrays[name];
    if (!saved || String(saved.shape) !== String(variable.shape)) {
      throw new Error(
        `restore: '${name}' must have shape [${variable.shape}], got ${saved ? `[${saved.shape}]` : 'nothing'}`,
      );
    }
    assign(variable, saved.data);
  }
}

/** All weights of a network and of its head, if it has one; the names of the latter begin so. */
export function trainedWeights(
  model: tf.LayersModel,
  head?: tf.LayersModel,
): Record<string, tf.Variable> {
  return { ...namedWeights(model), ...(head && headWeights(head)) };
}

/** The weights of a head under the names that they have beside its network's. */
export function headWeights(head: tf.LayersModel): Record<string, tf.Variable> {
  return Object.fromEntries(
    Object.entries(namedWeights(head)).map(([name, weight]) => [`head ${name}`, weight]),
  );
}

/**
 * All weights of a model by layer and role, those that are not trained included: the same names in
 * every process, whatever was built before.
 */
export function namedWeights(model: tf.LayersModel): Record<string, tf.Variable> {
  const weights: Record<string, tf.Variable> = {};
  model.layers.forEach((layer, i) => {
    for (const weight of layer.weights) {
      const role = weight.originalName.split('/').at(-1);
      weights[`${i} ${layer.getClassName()} ${role}`] = weight.read() as tf.Variable;
    }
  });
  return weights;
}
