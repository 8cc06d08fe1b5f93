/**
 * The registry of variables in TensorFlow.js's engine. Reads it; hooks `makeVariable` on request.
 * Relies on tfjs-core 4.22, engine.ts: `registeredVariables`, `makeVariable`, `moveData`, `state.tensorInfo`.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { overrideProperty } from './override-property.js';

/**
 * Lists the variables of all models, optimizers and user code.
 *
 * @param tf - The TensorFlow.js that made them.
 * @returns Every variable that is not disposed.
 */
export function registeredVariables(tf: TensorFlowJs): Variable[] {
  return Object.values(tf.engine().registeredVariables);
}

/**
 * Calls `listener` with each variable that is made from now on.
 *
 * @param tf - The TensorFlow.js that makes them.
 * @param listener - Gets the new variable, with its first value.
 * @returns A function that stops it.
 */
export function onVariableMade(tf: TensorFlowJs, listener: (variable: Variable) => void): () => void {
  const engine = tf.engine();
  const makeVariable = engine.makeVariable.bind(engine);
  return overrideProperty(engine, 'makeVariable', (...args) => {
    const variable = makeVariable(...args);
    listener(variable);
    return variable;
  });
}

/**
 * Gives a variable a new value, as `Variable.assign` does. Does not call an `assign` that the variable has of its own.
 *
 * @param variable - The variable.
 * @param value - The value. The variable shares its buffer.
 */
export function assignValue(variable: Variable, value: Tensor): void {
  (Object.getPrototypeOf(variable) as Variable).assign.call(variable, value);
}

/**
 * Moves the buffer of a tensor to the current backend, as its first use in an operation would.
 *
 * @param tf - The TensorFlow.js that owns the tensor.
 * @param tensor - Any tensor or variable that is not disposed.
 */
export function moveToCurrentBackend(tf: TensorFlowJs, tensor: Tensor): void {
  const engine = tf.engine();
  const { backend, state } = engine;
  if (state.tensorInfo.get(tensor.dataId)?.backend !== backend) engine.moveData(backend, tensor.dataId);
}

/**
 * Finds the variables that code writes.
 *
 * @param tf - The TensorFlow.js that owns the variables.
 * @param body - Runs once.
 * @returns The variables that existed before `body` and hold another value after it.
 */
export function writtenVariables(tf: TensorFlowJs, body: () => void): Variable[] {
  const before = new Map(registeredVariables(tf).map((variable) => [variable, variable.dataId]));
  body();
  return [...before].filter(([variable, dataId]) => variable.dataId !== dataId).map(([variable]) => variable);
}
