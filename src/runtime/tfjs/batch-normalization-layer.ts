/**
 * TensorFlow.js's batch normalization layer, to derive another from, and its registry of layer classes. Touches the
 * registry. Relies on tfjs-layers 4.22, layers/normalization.ts (`BatchNormalization`), and tfjs-core's
 * serialization.ts.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { layers, Tensor } from '@tensorflow/tfjs';

/** The arguments of `tf.layers.batchNormalization`. */
export type BatchNormalizationArguments = NonNullable<Parameters<TensorFlowJs['layers']['batchNormalization']>[0]>;

/** A weight of a layer: TensorFlow.js's wrapper around a variable. */
export interface WritableWeight {
  read(): Tensor;
  write(value: Tensor): void;
}

/** The layer with its private members. */
export interface BatchNormalizationLayer extends layers.Layer {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma: WritableWeight | undefined;
  readonly beta: WritableWeight | undefined;
  readonly movingMean: WritableWeight;
  readonly movingVariance: WritableWeight;
  call(inputs: Tensor | Tensor[], kwargs: { readonly training?: boolean }): Tensor | Tensor[];
}

/** The class of the layer, or one derived from it. */
export type BatchNormalizationClass = new (args?: BatchNormalizationArguments) => BatchNormalizationLayer;

/**
 * Finds the class of `tf.layers.batchNormalization`, which TensorFlow.js does not export.
 *
 * @param tf - The copy of TensorFlow.js to derive from.
 * @param name - A name for the layer that is made to find the class: TensorFlow.js then counts no layer for it.
 * @returns The class.
 */
export function batchNormalizationClass(tf: TensorFlowJs, name: string): BatchNormalizationClass {
  return tf.layers.batchNormalization({ name }).constructor as BatchNormalizationClass;
}

/**
 * Gives the class that a copy of TensorFlow.js knows by a name, and registers it at the first call.
 *
 * @param tf - The copy of TensorFlow.js.
 * @param className - The name that saved models have for it.
 * @param define - Makes the class, where none has the name.
 * @returns The registered class.
 */
export function registeredClass(
  tf: TensorFlowJs,
  className: string,
  define: () => BatchNormalizationClass,
): BatchNormalizationClass {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const known = classNameMap[className]?.[0] as unknown as BatchNormalizationClass | undefined;
  if (known !== undefined) return known;
  const defined = define();
  tf.serialization.registerClass(defined as never);
  return defined;
}
