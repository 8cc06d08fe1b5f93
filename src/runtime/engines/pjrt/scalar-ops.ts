/**
 * Arithmetic on single numbers that XLA computes. TensorFlow.js adds up the losses of an epoch, one after each step: on
 * TensorFlow, each addition would wait for its step; on XLA, it would take as long as a small step. So the numbers are
 * read when their steps have ended, and added up here, in 32 bits. Calls both C APIs.
 */
import type { TensorFlowContext } from '../../tensorflow/context.js';
import type { HostValues, OpInput } from '../../tensorflow/op-executor.js';
import type { ExplainFailure, PjrtValues } from './pjrt-value.js';

import { PjrtError } from '../../pjrt/pjrt-error.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { type OutsideValue, TensorHandle } from '../../tensorflow/tensor-handle.js';

import { type LaterNumber, LaterNumbers, type NumberSource } from './later-number.js';
import { copyToTensorFlow } from './pjrt-value.js';

/** The exact result of two 32-bit numbers, rounded once, is what a 32-bit unit gives. */
const OPS: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['AddV2', (a, b) => Math.fround(a + b)],
  ['Mul', (a, b) => Math.fround(a * b)],
  ['RealDiv', (a, b) => Math.fround(a / b)],
  ['Sub', (a, b) => Math.fround(a - b)],
]);

const SCALAR = { dtype: DataTypeCode.Float, shape: [] };

/** More than a few steps have losses and metrics. */
const MOST_UNKNOWN = 64;

/** A number behind a handle of TensorFlow. */
class ScalarValue implements OutsideValue {
  readonly number: LaterNumber;
  readonly #context: TensorFlowContext;
  readonly #explain: ExplainFailure;

  constructor(context: TensorFlowContext, number: LaterNumber, explain: ExplainFailure) {
    this.#context = context;
    this.number = number;
    this.#explain = explain;
  }

  toTensorFlow(): number {
    return copyToTensorFlow(this.#context, this.readSync(), SCALAR);
  }

  readSync(): HostValues {
    try {
      return Float32Array.of(this.number.get());
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async read(): Promise<HostValues> {
    await this.number.ready();
    return this.readSync();
  }

  dispose(): void {
    // The number belongs to whatever is computed from it, too.
  }
}

function isScalar(input: OpInput | undefined): input is TensorHandle {
  return input instanceof TensorHandle && input.dtype === DataTypeCode.Float && input.shape.length === 0;
}

/** Runs ops on single numbers. */
export class ScalarOps {
  readonly #context: TensorFlowContext;
  readonly #values: PjrtValues;
  readonly #explain: ExplainFailure;
  readonly #numbers = new LaterNumbers(MOST_UNKNOWN);
  /** The numbers of values of XLA that are being read. */
  readonly #read = new WeakMap<OutsideValue, LaterNumber>();

  /**
   * @param context - Holds the numbers of TensorFlow.
   * @param values - Finds the values of handles.
   * @param explain - Called when a number cannot be read.
   */
  constructor(context: TensorFlowContext, values: PjrtValues, explain: ExplainFailure) {
    this.#context = context;
    this.#values = values;
    this.#explain = explain;
  }

  /**
   * Runs an op if it is one of single numbers, and XLA computes one of them.
   *
   * @param op - The op.
   * @param inputs - Its inputs.
   * @returns Its result; undefined when TensorFlow must run it.
   */
  run(op: string, inputs: readonly OpInput[]): TensorHandle | undefined {
    const compute = OPS.get(op);
    const [a, b] = inputs;
    if (compute === undefined || !isOutside(a, b) || !isScalar(a) || !isScalar(b)) return undefined;
    const [one, other] = [this.#numberOf(a), this.#numberOf(b)];
    if (one === undefined || other === undefined) return undefined;
    const result = this.#numbers.add({
      get: () => compute(one.get(), other.get()),
      ready: async () => {
        await one.ready();
        await other.ready();
      },
    });
    const value = new ScalarValue(this.#context, result, this.#explain);
    return TensorHandle.ofOutside(this.#context.handles, value, SCALAR);
  }

  #numberOf(handle: TensorHandle): NumberSource | undefined {
    const { outside } = handle;
    if (outside instanceof ScalarValue) return outside.number;
    const known = outside && this.#read.get(outside);
    if (known !== undefined) return known;
    try {
      const source = this.#values.numberOf(handle);
      if (source === undefined || outside === undefined) return source;
      const added = this.#numbers.add(source);
      this.#read.set(outside, added);
      return added;
    } catch (error) {
      // TensorFlow reports why the number is not there.
      if (error instanceof PjrtError) return undefined;
      throw error;
    }
  }
}

function isOutside(...inputs: readonly (OpInput | undefined)[]): boolean {
  return inputs.some((input) => input instanceof TensorHandle && input.isOutside);
}
