/**
 * Gives every replica its own view of the variables, although there is one set of them: remembers their values,
 * restores them before each replica runs, and afterwards writes the values that the replicas agree on. Touches tfjs
 * variables.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { keepCopy } from './kept-tensors.js';
import { moveToCurrentBackend, onVariableMade, registeredVariables } from './registered-variables.js';

/** New values of variables. The tensors are kept; the owner of the map disposes of them. */
export type VariableWrites = Map<Variable, Tensor>;

/** The variables of all models and optimizers during one run. Call {@link VariableIsolation.close} at the end. */
export class VariableIsolation {
  readonly #tf: TensorFlowJs;
  readonly #before: VariableWrites = new Map();

  constructor(tf: TensorFlowJs) {
    this.#tf = tf;
    for (const variable of registeredVariables(tf)) this.#remember(variable);
  }

  #remember(variable: Variable): void {
    // The copy shares the buffer, so the buffer must be where operations run now: an operation would move it there,
    // too.
    moveToCurrentBackend(this.#tf, variable);
    this.#before.set(variable, this.#copy(variable));
  }

  /**
   * A tensor that `tf.keep` kept is released when its replica has to start again, and a variable may be made in such a
   * run.
   */
  #copy(tensor: Tensor): Tensor {
    return keepCopy(this.#tf, tensor);
  }

  /**
   * Runs code of one replica. Every variable starts with its first value; nothing is released.
   *
   * @param body - Runs once. A variable that it makes exists for the other replicas too, with its first value.
   * @returns What `body` returns.
   */
  isolate<Result>(body: () => Result): Result {
    this.restore();
    const stop = onVariableMade(this.#tf, (variable) => {
      this.#remember(variable);
    });
    try {
      return body();
    } finally {
      stop();
    }
  }

  /**
   * Collects the values written since the last {@link VariableIsolation.isolate} began.
   *
   * @returns Copies. The caller disposes of them.
   */
  collectWrites(): VariableWrites {
    const writes: VariableWrites = new Map();
    for (const [variable, before] of this.#before) {
      if (!variable.isDisposed && variable.dataId !== before.dataId) writes.set(variable, this.#copy(variable));
    }
    return writes;
  }

  /** Puts every variable back to its first value. */
  restore(): void {
    for (const [variable, before] of this.#before) {
      if (!variable.isDisposed && variable.dataId !== before.dataId) assignCopy(this.#tf, variable, before);
    }
  }

  /**
   * Writes the mean of the values that the replicas wrote. A replica that did not write a variable counts with its
   * first value.
   *
   * @param writesOfReplicas - One map for each replica.
   */
  commit(writesOfReplicas: readonly VariableWrites[]): void {
    this.restore();
    for (const [variable, before] of this.#before) {
      if (variable.isDisposed || !writesOfReplicas.some((writes) => writes.has(variable))) continue;
      const values = writesOfReplicas.map((writes) => writes.get(variable) ?? before);
      const [first = before] = values;
      if (values.every(({ dataId }) => dataId === first.dataId)) {
        // The replicas agreed on one tensor: it is exact, and already on every device.
        assignCopy(this.#tf, variable, first);
        continue;
      }
      const [written = first] = writesOfReplicas.flatMap((writes) => writes.get(variable) ?? []);
      this.#assignMean(variable, values, written);
    }
  }

  /** Types without a mean take the first value that a replica wrote. */
  #assignMean(variable: Variable, values: Tensor[], written: Tensor): void {
    const tf = this.#tf;
    tf.tidy(() => {
      const mean = variable.dtype === 'float32' ? tf.div(tf.addN(values), values.length) : written;
      assignCopy(tf, variable, mean);
    });
  }

  /** Releases the remembered values. */
  close(): void {
    for (const tensor of this.#before.values()) tensor.dispose();
    this.#before.clear();
  }
}

/** Keeps the caller's tensor alive: `assign` takes a reference to the buffer of the copy. */
function assignCopy(tf: TensorFlowJs, variable: Variable, value: Tensor): void {
  tf.tidy(() => {
    variable.assign(tf.clone(value));
  });
}

/**
 * Releases the tensors of writes, and empties the map.
 *
 * @param writes - What {@link VariableIsolation.collectWrites} returned.
 */
export function releaseWrites(writes: VariableWrites): void {
  for (const tensor of writes.values()) tensor.dispose();
  writes.clear();
}

/**
 * Writes collected values to their variables.
 *
 * @param tf - The TensorFlow.js that owns the variables.
 * @param writes - What {@link VariableIsolation.collectWrites} returned. They stay the caller's.
 */
export function applyWrites(tf: TensorFlowJs, writes: VariableWrites): void {
  for (const [variable, value] of writes) {
    if (!variable.isDisposed) assignCopy(tf, variable, value);
  }
}
