/** Finds the variables that code writes. Reads the registry of TensorFlow.js's engine. */
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { Variable } from '@tensorflow/tfjs';

/** The variables there were that hold other values after `body`. */
export function writtenVariables(tf: TensorFlowJs, body: () => void): Variable[] {
  const { registeredVariables } = tf.engine() as unknown as { readonly registeredVariables: Record<string, Variable> };
  const before = new Map(Object.values(registeredVariables).map((variable) => [variable, variable.dataId]));
  body();
  return [...before].filter(([variable, dataId]) => variable.dataId !== dataId).map(([variable]) => variable);
}
