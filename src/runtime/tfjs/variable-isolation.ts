/**
 * Gives every replica its own view of the variables, although there is one set of them: remembers their values,
 * restores them before each replica runs, and afterwards writes the values that the replicas agree on. Touches tfjs
 * variables.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { keepCopy } from './kept-tensors.js';
import { assignValue, moveToCurrentBackend, onVariableMade, registeredVariables } from './registered-variables.js';
import { copiesOf, hideCopy, setCopies, showCopy } from './replica-copies.js';
import { ReplicaVariables } from './replica-variables.js';

/** New values of variables. The tensors are kept; the owner of the map disposes of them. */
export type VariableWrites = Map<Variable, Tensor>;

/** New values of variables that differ between replicas: one tensor for each local replica. */
export type CopyWrites = Map<Variable, readonly Tensor[]>;

/** The variables of all models and optimizers during one run. Call {@link VariableIsolation.close} at the end. */
export class VariableIsolation {
  readonly #tf: TensorFlowJs;
  readonly #before: VariableWrites = new Map();
  /** The values on each replica, of variables that synchronize when they are read. */
  readonly #copies: CopyWrites = new Map();
  readonly #made: ReplicaVariables;
  readonly #replicas: number | undefined;
  #replica: number | undefined;

  /**
   * Remembers the values of all variables.
   *
   * @param tf - The TensorFlow.js that owns them.
   * @param replicas - The number of local replicas. Variables that have a value on each replica of a strategy with
   *   another number have one value here.
   */
  constructor(tf: TensorFlowJs, replicas?: number) {
    this.#tf = tf;
    this.#replicas = replicas;
    this.#made = new ReplicaVariables();
    for (const variable of registeredVariables(tf)) this.#remember(variable);
  }

  #remember(variable: Variable): void {
    // The copy shares the buffer, so the buffer must be where operations run now: an operation would move it there,
    // too.
    moveToCurrentBackend(this.#tf, variable);
    this.#before.set(variable, this.#copy(variable));
    this.#rememberCopies(variable);
  }

  #rememberCopies(variable: Variable): void {
    const copies = copiesOf(variable, this.#replicas);
    if (copies === undefined || this.#copies.has(variable)) return;
    for (const value of copies) moveToCurrentBackend(this.#tf, value);
    this.#copies.set(
      variable,
      copies.map((value) => this.#copy(value)),
    );
  }

  /**
   * A tensor that `tf.keep` kept is released when its replica has to start again, and a variable may be made in such a
   * run.
   */
  #copy(tensor: Tensor): Tensor {
    return keepCopy(this.#tf, tensor);
  }

  /** The value with which the code that runs now found a variable. */
  #start(variable: Variable, before: Tensor): Tensor {
    const copies = this.#replica === undefined ? undefined : this.#copies.get(variable);
    return copies?.[this.#replica ?? 0] ?? before;
  }

  /**
   * Runs code of one replica, or code that runs once for all of them. Every variable starts with its first value;
   * nothing is released.
   *
   * @param body - Runs once.
   * @param replica - The position of the replica among the local ones. A variable that `body` makes on it is the one
   *   that the same code made on an earlier replica, or in an earlier run. If omitted, `body` runs once for all.
   * @returns What `body` returns.
   */
  isolate<Result>(body: () => Result, replica?: number): Result {
    this.restore();
    this.#replica = replica;
    if (replica !== undefined)
      for (const [variable, copies] of this.#copies)
        if (!variable.isDisposed) showCopy(this.#tf, variable, copies[replica] as Tensor);
    const listener = (variable: Variable): void => {
      this.#remember(variable);
    };
    const stop =
      replica === undefined ? onVariableMade(this.#tf, listener) : this.#made.shareBetweenRuns(this.#tf, listener);
    try {
      return body();
    } finally {
      stop();
      for (const variable of this.#before.keys()) if (!variable.isDisposed) this.#rememberCopies(variable);
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
      if (variable.isDisposed) continue;
      if (variable.dataId !== this.#start(variable, before).dataId) writes.set(variable, this.#copy(variable));
    }
    return writes;
  }

  /**
   * Collects the values that code wrote which ran once for all replicas.
   *
   * @returns Copies. The caller disposes of them.
   */
  collectJointWrites(): { readonly writes: VariableWrites; readonly copyWrites: CopyWrites } {
    const writes = this.collectWrites();
    for (const variable of this.#copies.keys()) {
      writes.get(variable)?.dispose();
      writes.delete(variable);
    }
    return { writes, copyWrites: this.#collectCopyWrites() };
  }

  /** Collects changed values of the variables that synchronize when they are read. */
  #collectCopyWrites(): CopyWrites {
    const writes: CopyWrites = new Map();
    for (const [variable, before] of this.#copies) {
      const copies = copiesOf(variable);
      if (copies === undefined || copies.every((value, index) => value.dataId === before[index]?.dataId)) continue;
      writes.set(
        variable,
        copies.map((value) => this.#copy(value)),
      );
    }
    return writes;
  }

  /** Puts every variable back to its first value. */
  restore(): void {
    for (const [variable, before] of this.#before) {
      if (variable.isDisposed) continue;
      const copies = this.#copies.get(variable);
      if (copies !== undefined && this.#restoreCopies(variable, copies)) continue;
      if (variable.dataId !== before.dataId) assignCopy(this.#tf, variable, before);
    }
    this.#replica = undefined;
  }

  /** Puts back the values on each replica. @returns Whether the variable has its first value again, too. */
  #restoreCopies(variable: Variable, before: readonly Tensor[]): boolean {
    const isSame = copiesOf(variable)?.every((value, index) => value.dataId === before[index]?.dataId) === true;
    if (!isSame) setCopies(this.#tf, variable, before);
    else if (this.#replica === undefined) return false;
    else hideCopy(variable);
    return true;
  }

  /**
   * Writes the mean of the values that the replicas wrote. A replica that did not write a variable counts with its
   * first value. Variables that synchronize when they are read keep each replica's own value.
   *
   * @param writesOfReplicas - One map for each replica.
   * @param replicas - The position of each of these replicas among the local ones.
   */
  commit(writesOfReplicas: readonly VariableWrites[], replicas: readonly number[]): void {
    this.restore();
    for (const [variable, before] of this.#before) {
      if (variable.isDisposed || !writesOfReplicas.some((writes) => writes.has(variable))) continue;
      const copies = this.#copies.get(variable);
      if (copies !== undefined) {
        const own = copies.map((value, index) => writesOfReplicas[replicas.indexOf(index)]?.get(variable) ?? value);
        setCopies(this.#tf, variable, own);
        continue;
      }
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
    for (const tensor of [...this.#before.values(), ...[...this.#copies.values()].flat()]) tensor.dispose();
    this.#before.clear();
    this.#copies.clear();
  }
}

/** Keeps the caller's tensor alive: the variable takes a reference to the buffer of the copy. */
function assignCopy(tf: TensorFlowJs, variable: Variable, value: Tensor): void {
  tf.tidy(() => {
    assignValue(variable, tf.clone(value));
  });
}

/**
 * Releases the tensors of writes, and empties the map.
 *
 * @param writes - What {@link VariableIsolation.collectWrites} or `collectJointWrites` returned.
 */
export function releaseWrites(writes: VariableWrites | CopyWrites): void {
  for (const value of writes.values()) for (const tensor of [value].flat()) tensor.dispose();
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

/**
 * Gives one replica its own part of collected values.
 *
 * @param tf - The TensorFlow.js that owns the variables.
 * @param writes - What {@link VariableIsolation.collectJointWrites} returned. They stay the caller's.
 * @param replica - The position of the replica among the local ones.
 */
export function applyCopyWrites(tf: TensorFlowJs, writes: CopyWrites, replica: number): void {
  for (const [variable, copies] of writes) {
    if (!variable.isDisposed) showCopy(tf, variable, copies[replica] as Tensor);
  }
}
