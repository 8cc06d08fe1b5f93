/** Collects the arguments of a step on the devices of XLA. Reads tfjs variables; copies values to devices. */
import type { PjrtBuffer } from '../../pjrt/pjrt-buffer.js';
import type { PjrtClient } from '../../pjrt/pjrt-client.js';
import type { PjrtDevice } from '../../pjrt/pjrt-device.js';
import type { ReplicaPart } from '../../trace/replica-part.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { PjrtValues } from './pjrt-value.js';
import type { RecordedPart } from './step-plan.js';
import type { Tensor } from '@tensorflow/tfjs';

import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { learningRateOf } from '../../tfjs/optimizer-members.js';
import { copiesOf } from '../../tfjs/replica-copies.js';
import { currentHandle } from '../../trace/captured-values.js';
import { randomCounter } from '../../trace/device-random.js';
import { tensorHandleOf } from '../../trace/tensor-handles.js';

/** One replica's part of one call. */
export interface ReplicaCall {
  readonly replica: number;
  readonly device: PjrtDevice;
  /** The number of the step, from 0. */
  readonly step: number;
}

/** The arguments of one replica. */
export interface ReplicaArguments {
  readonly values: readonly PjrtBuffer[];
  /** Those that the caller disposes of once the program has started. */
  readonly temporary: readonly PjrtBuffer[];
}

/** Collects arguments. */
export class StepArguments {
  readonly #options: ReplicatedStepOptions;
  readonly #client: PjrtClient;
  readonly #values: PjrtValues;

  /**
   * @param options - The options of the step.
   * @param client - Copies values to devices.
   * @param values - Finds the values of handles.
   */
  constructor(options: ReplicatedStepOptions, client: PjrtClient, values: PjrtValues) {
    this.#options = options;
    this.#client = client;
    this.#values = values;
  }

  /**
   * Collects the arguments of one replica.
   *
   * @param recorded - Its program.
   * @param part - Its part of the step.
   * @param call - Which call it is.
   * @returns Its arguments, in the order of the program's parameters.
   */
  collect(recorded: RecordedPart, part: ReplicaPart, call: ReplicaCall): ReplicaArguments {
    const temporary: PjrtBuffer[] = [];
    const passing = (buffer: PjrtBuffer): PjrtBuffer => {
      temporary.push(buffer);
      return buffer;
    };
    const data = [...part.data, ...(part.own ?? [])].map(
      (tensor) => this.#fromHost(tensor, call.device, passing) ?? this.#bufferOf(tensor, call.device),
    );
    return {
      values: [...data, ...this.#scalars(recorded, call).map(passing), ...this.#captures(recorded, call)],
      temporary,
    };
  }

  #bufferOf(tensor: Tensor, device: PjrtDevice): PjrtBuffer {
    return this.#values.bufferOf(tensorHandleOf(this.#options.environment.backend, tensor), device);
  }

  /** Copies a tensor that no op has used yet, and that TensorFlow does not have. */
  #fromHost(tensor: Tensor, device: PjrtDevice, passing: (buffer: PjrtBuffer) => PjrtBuffer): PjrtBuffer | undefined {
    const values = this.#options.environment.backend.hostValuesOf(tensor);
    const { shape, size, dtype } = tensor;
    const isFloat = dtype === 'float32' && values instanceof Float32Array;
    const isInteger = dtype === 'int32' && values instanceof Int32Array;
    if ((!isFloat && !isInteger) || values.length !== size) return undefined;
    const type = { dtype: isFloat ? DataTypeCode.Float : DataTypeCode.Int32, shape };
    return passing(this.#client.upload(values, type, device));
  }

  #scalars({ usesCounter, learningRates }: RecordedPart, { replica, device, step }: ReplicaCall): PjrtBuffer[] {
    const { group } = this.#options;
    const counter = (): PjrtBuffer =>
      this.#client.upload(
        randomCounter(step, group.firstReplica + replica, group.size),
        { dtype: DataTypeCode.UInt64, shape: [2] },
        device,
      );
    const rates = learningRates.map(({ optimizer, factor }) =>
      this.#client.upload(
        Float32Array.of(factor * (learningRateOf(optimizer) ?? 0)),
        { dtype: DataTypeCode.Float, shape: [] },
        device,
      ),
    );
    return [...(usesCounter ? [counter()] : []), ...rates];
  }

  #captures({ captures }: RecordedPart, { replica, device }: ReplicaCall): PjrtBuffer[] {
    const { environment, replicas } = this.#options;
    return captures.map((capture) => {
      const copies = capture.kind === 'variable' ? copiesOf(capture.variable, replicas.length) : undefined;
      const copy = copies?.[replica];
      if (copy !== undefined) return this.#bufferOf(copy, device);
      return this.#values.bufferOf(currentHandle(environment.backend, capture), device);
    });
  }
}
