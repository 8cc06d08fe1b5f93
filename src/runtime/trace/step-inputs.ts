/**
 * Prepares the inputs of a replica's function. Touches the context (copies handles to devices); reads tfjs variables.
 */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { Capture } from './record-program.js';
import type { ReplicaFunction } from './replica-function.js';
import type { ReplicaPart } from './replica-part.js';
import type { ReplicatedStepOptions } from './step-options.js';
import type { Tensor } from '@tensorflow/tfjs';

import { DataTypeCode } from '../tensorflow/data-types-table.js';
import { learningRateOf } from '../tfjs/optimizer-members.js';
import { copiesOf } from '../tfjs/replica-copies.js';

import { currentHandle } from './captured-values.js';
import { randomCounter } from './device-random.js';
import { replicaCopyOf } from './replica-device.js';
import { asTensorHandle, tensorHandleOf } from './tensor-handles.js';

/** One call of a function. */
export interface FunctionCall {
  readonly replica: number;
  /** The number of the step, from 0. */
  readonly step: number;
  /** The first instance key of the step. */
  readonly keyBase: number;
}

/** The inputs of one call. */
export interface PreparedInputs {
  /** In the order of the function's parameters, without the progress board. */
  readonly values: readonly TensorHandle[];
  /** Those of the values that the caller disposes of once the function has started. */
  readonly temporary: readonly TensorHandle[];
}

/** Prepares inputs for the functions of a step. */
export class StepInputs {
  readonly #options: ReplicatedStepOptions;

  /** @param options - The options of the step. */
  constructor(options: ReplicatedStepOptions) {
    this.#options = options;
  }

  /**
   * Prepares the inputs of one call.
   *
   * @param fn - The function.
   * @param part - The replica's part of the step.
   * @param call - Which call it is.
   * @returns Values on the replica's device.
   */
  prepare(fn: ReplicaFunction, part: ReplicaPart | undefined, call: FunctionCall): PreparedInputs {
    const { backend } = this.#options.environment;
    const { replica } = call;
    const scalars = this.#scalars(fn, call);
    const data = (part?.data ?? []).map((tensor) => this.#onDevice(tensorHandleOf(backend, tensor), replica));
    const own = (part?.own ?? []).map((tensor) => tensorHandleOf(backend, tensor));
    const captures = fn.captures.map((capture) => this.#ownCopy(capture, replica) ?? this.#captured(capture, replica));
    // The first replica uses the caller's own tensors.
    const copied = replica === 0 ? [] : captures.filter((_, index) => this.#hasCopies(fn.captures[index]));
    return {
      values: [...data, ...own, ...scalars, ...captures],
      temporary: replica === 0 ? scalars : [...scalars, ...data, ...copied],
    };
  }

  #scalars(fn: ReplicaFunction, { replica, step, keyBase }: FunctionCall): TensorHandle[] {
    const { group, environment } = this.#options;
    const { executor } = environment.backend;
    const counter = (): BigUint64Array => randomCounter(step, group.firstReplica + replica, group.size);
    const scalars = [
      ...(fn.usesCounter ? [executor.fromHost(counter(), [2], DataTypeCode.UInt64)] : []),
      ...(fn.usesKeys ? [executor.fromHost(Int32Array.of(keyBase), [], DataTypeCode.Int32)] : []),
      ...fn.learningRates.map(({ optimizer, factor }) =>
        executor.fromHost(Float32Array.of(factor * (learningRateOf(optimizer) ?? 0)), [], DataTypeCode.Float),
      ),
    ];
    return scalars.map(asTensorHandle);
  }

  #onDevice(handle: TensorHandle, replica: number): TensorHandle {
    const target = this.#options.replicas[replica];
    if (replica === 0 || target === undefined) return handle;
    return this.#options.environment.context.copyToDevice(handle, target.device);
  }

  /** The values of a variable that has one on each replica. */
  #copies(capture: Capture): readonly Tensor[] | undefined {
    return capture.kind === 'variable' ? copiesOf(capture.variable, this.#options.replicas.length) : undefined;
  }

  #hasCopies(capture: Capture | undefined): boolean {
    return capture !== undefined && this.#copies(capture) !== undefined;
  }

  /** The replica's own value of a variable that has one on each replica. */
  #ownCopy(capture: Capture, replica: number): TensorHandle | undefined {
    const copy = this.#copies(capture)?.[replica];
    return copy === undefined
      ? undefined
      : this.#onDevice(tensorHandleOf(this.#options.environment.backend, copy), replica);
  }

  #captured(capture: Capture, replica: number): TensorHandle {
    const { replicas, environment } = this.#options;
    return replicaCopyOf(environment.context, currentHandle(environment.backend, capture), replicas, replica);
  }
}
