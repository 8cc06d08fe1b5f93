/**
 * Arithmetic on single numbers that XLA holds. TensorFlow.js adds up the losses of an epoch, one after each step: on
 * TensorFlow, each addition would wait for its step. Calls the C API of the plugin.
 */
import type { PjrtClient } from '../../pjrt/pjrt-client.js';
import type { PjrtDevice } from '../../pjrt/pjrt-device.js';
import type { PjrtExecutable } from '../../pjrt/pjrt-executable.js';
import type { OpInput } from '../../tensorflow/op-executor.js';
import type { PjrtValues } from './pjrt-value.js';

import { PjrtError } from '../../pjrt/pjrt-error.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { TensorHandle } from '../../tensorflow/tensor-handle.js';

const OPS: ReadonlyMap<string, string> = new Map([
  ['AddV2', 'add'],
  ['Mul', 'multiply'],
  ['RealDiv', 'divide'],
  ['Sub', 'subtract'],
]);

const SCALAR = { dtype: DataTypeCode.Float, shape: [] };

function isScalar(input: OpInput): input is TensorHandle {
  return input instanceof TensorHandle && input.dtype === DataTypeCode.Float && input.shape.length === 0;
}

/** Runs ops on the first device. */
export class ScalarOps {
  readonly #client: PjrtClient;
  readonly #values: PjrtValues;
  readonly #device: PjrtDevice;
  readonly #programs = new Map<string, PjrtExecutable>();

  /**
   * @param client - Runs the ops.
   * @param values - Finds the values of handles.
   */
  constructor(client: PjrtClient, values: PjrtValues) {
    this.#client = client;
    this.#values = values;
    this.#device = client.deviceAt(0);
  }

  /**
   * Runs an op if it is one of single numbers, and XLA holds one of them.
   *
   * @param op - The op.
   * @param inputs - Its inputs.
   * @returns Its result; undefined when TensorFlow must run it.
   */
  run(op: string, inputs: readonly OpInput[]): TensorHandle | undefined {
    const name = OPS.get(op);
    const [a, b] = inputs;
    if (name === undefined || a === undefined || b === undefined) return undefined;
    if (!(a instanceof TensorHandle && a.isOutside) && !(b instanceof TensorHandle && b.isOutside)) return undefined;
    if (!isScalar(a) || !isScalar(b)) return undefined;
    try {
      return this.#run(name, a, b);
    } catch (error) {
      // TensorFlow computes the same, or reports why a number is not there.
      if (error instanceof PjrtError) return undefined;
      throw error;
    }
  }

  #run(name: string, a: TensorHandle, b: TensorHandle): TensorHandle | undefined {
    const rows = [[a, b].map((handle) => this.#values.bufferOf(handle, this.#device))];
    const { results, events } = this.#programOf(name).launch(rows);
    // Reading the result waits for it.
    for (const event of events) if (event !== 0) this.#client.api.call('PJRT_Event_Destroy', { event });
    const [result] = results[0] ?? [];
    return result && this.#values.handleOf([result]);
  }

  #programOf(name: string): PjrtExecutable {
    const known = this.#programs.get(name);
    if (known !== undefined) return known;
    const made = this.#client.compile({
      text: `module @scalar {
        func.func public @main(%a: tensor<f32>, %b: tensor<f32>) -> tensor<f32> {
          %0 = stablehlo.${name} %a, %b : tensor<f32>
          return %0 : tensor<f32>
        }
      }`,
      results: [SCALAR],
      devices: [this.#device],
    });
    this.#programs.set(name, made);
    return made;
  }
}
