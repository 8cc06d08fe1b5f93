/**
 * Lets every replica see and write variables as if it had its own copies, although there is one set of them: remembers
 * their values, puts them back before each replica's turn, and afterwards writes what the replicas agree on.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { overrideProperty } from './override-property.js';

/** New values of variables. The tensors are kept, and belong to the holder of the map. */
export type VariableWrites = Map<Variable, Tensor>;

interface EngineInternals {
  readonly registeredVariables: Record<string, Variable>;
  readonly backend: object;
  readonly state: { readonly tensorInfo: WeakMap<object, { readonly backend: object }> };
  moveData(backend: object, dataId: object): void;
  makeVariable(initialValue: Tensor, trainable?: boolean, name?: string, dtype?: string): Variable;
}

/** The variables of all models and optimizers during one program. Call {@link VariableIsolation.close} in the end. */
export class VariableIsolation {
  readonly #tf: TensorFlowJs;
  readonly #engine: EngineInternals;
  readonly #before: VariableWrites = new Map();

  constructor(tf: TensorFlowJs) {
    this.#tf = tf;
    this.#engine = tf.engine();
    for (const variable of Object.values(this.#engine.registeredVariables)) this.#remember(variable);
  }

  #remember(variable: Variable): void {
    // A copy shares the buffer, which must then be where operations run now; an operation would move it there as well.
    const { backend, state } = this.#engine;
    if (state.tensorInfo.get(variable.dataId)?.backend !== backend) this.#engine.moveData(backend, variable.dataId);
    this.#before.set(variable, this.#copy(variable));
  }

  /**
   * Shares the buffer: tensors never change, so this costs no memory. Not through `tf.keep`: what is kept during a turn is released
   * when the turn has to be taken again, and a variable may be born in such a turn.
   */
  #copy(tensor: Tensor): Tensor {
    const copy = this.#tf.clone(tensor) as Tensor & { kept: boolean };
    copy.kept = true;
    return copy;
  }

  /** Runs `body` with every variable as it was at the beginning; gives its result and releases nothing. */
  isolate<Result>(body: () => Result): Result {
    this.restore();
    const engine = this.#engine;
    const { makeVariable } = engine;
    // A variable born on one replica exists for the others too, with its first value.
    const undo = overrideProperty(engine, 'makeVariable', (...args) => {
      const variable = makeVariable.apply(engine, args);
      this.#remember(variable);
      return variable;
    });
    try {
      return body();
    } finally {
      undo();
    }
  }

  /** What was written since the last {@link VariableIsolation.isolate} began. */
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

  /** Writes the mean of what the replicas wrote; a replica that did not write a variable counts with its first value. */
  commit(writesOfReplicas: readonly VariableWrites[]): void {
    const tf = this.#tf;
    this.restore();
    for (const [variable, before] of this.#before) {
      if (variable.isDisposed || !writesOfReplicas.some((writes) => writes.has(variable))) continue;
      const values = writesOfReplicas.map((writes) => writes.get(variable) ?? before);
      if (values.every(({ dataId }) => dataId === values[0]?.dataId)) {
        // One value that the replicas came to together: exact, and already on every device.
        assignCopy(tf, variable, values[0] as Tensor);
        continue;
      }
      const written = writesOfReplicas.flatMap((writes) => writes.get(variable) ?? []);
      tf.tidy(() => {
        const mean = variable.dtype === 'float32' ? tf.div(tf.addN(values), values.length) : (written[0] as Tensor);
        assignCopy(tf, variable, mean);
      });
    }
  }

  /** Releases what was remembered. */
  close(): void {
    for (const tensor of this.#before.values()) tensor.dispose();
    this.#before.clear();
  }
}

/** Assigns without giving the tensor away: `assign` shares the buffer and keeps its own reference. */
function assignCopy(tf: TensorFlowJs, variable: Variable, value: Tensor): void {
  tf.tidy(() => {
    variable.assign(tf.clone(value) as Tensor);
  });
}

/** Releases the tensors of writes. */
export function releaseWrites(writes: VariableWrites): void {
  for (const tensor of writes.values()) tensor.dispose();
  writes.clear();
}

/** Writes values that were collected before. */
export function applyWrites(tf: TensorFlowJs, writes: VariableWrites): void {
  for (const [variable, value] of writes) {
    if (!variable.isDisposed) assignCopy(tf, variable, value);
  }
}
