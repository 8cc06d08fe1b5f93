/**
 * Makes the all-reduces that the benchmark measures: functions like those of traced steps, called on several logical
 * CPUs. Starts TensorFlow.
 */
import * as tf from '@tensorflow/tfjs';

import { session, useBackend } from '../../dist/runtime/backend/index.js';
import { MirroredStrategy } from '../../dist/runtime/index.js';
import { DataTypeCode } from '../../dist/runtime/tensorflow/data-types-table.js';
import { EagerExecutor } from '../../dist/runtime/tensorflow/eager-executor.js';
import { TensorHandle } from '../../dist/runtime/tensorflow/tensor-handle.js';
import { loadTfjs, loadTfjsCore } from '../../dist/runtime/tfjs/load-tfjs.js';
import { InstanceKeys } from '../../dist/runtime/trace/instance-keys.js';
import { makeReplicaFunction } from '../../dist/runtime/trace/replica-function.js';

/**
 * @typedef {object} AllReduceSize What to sum.
 * @property {number} devices - How many devices take part, 2 to 4.
 * @property {number} bytes - Bytes of all tensors of one device together.
 * @property {number} [count] - Into how many tensors the bytes are divided; 1 by default.
 * @property {number} [bytesPerPack] - How many bytes one collective carries at most; 0, the default, means all of them.
 */

/**
 * @typedef {object} AllReduce A prepared all-reduce.
 * @property {() => number} sample - Runs it several times; returns seconds per all-reduce.
 * @property {() => void} dispose - Frees its tensors and its function.
 */

export const MEBIBYTE = 1 << 20;

const FIRST_GROUP_KEY = 1000;

/**
 * Decides how many calls make one sample: a short call alone is lost in the resolution of the clock.
 * @param {number} bytes - Bytes that one call sums.
 * @returns {number} A number of calls.
 */
const callsPerSample = (bytes) => Math.max(1, Math.min(50, Math.round((4 * MEBIBYTE) / bytes)));

/** @param {readonly (readonly TensorHandle[])[]} outputs - Handles, by device. */
function release(outputs) {
  for (const handle of outputs.flat()) handle.dispose();
}

/** Makes all-reduces over the first logical CPUs of one TensorFlow context. */
export class AllReduceFactory {
  #instanceKeys = new InstanceKeys({ next: 100_000 });
  #functions = 0;

  constructor() {
    // A strategy of four replicas divides the CPU into four logical devices.
    new MirroredStrategy({ devices: 4, engine: 'tensorflow' });
    this.context = session.context;
    this.executor = session.executor;
    this.environment = { tf: loadTfjs(), backend: useBackend(), context: this.context };
    this.queues = this.context.devices
      .filter(({ type }) => type === 'CPU')
      .map((device) => ({
        device,
        executor: new EagerExecutor(this.context, { device, queue: this.context.newQueue(true) }),
      }));
  }

  /**
   * Makes a function that sums tensors over devices, and checks its result once.
   * @param {AllReduceSize} size - What to sum.
   * @returns {AllReduce} The all-reduce.
   * @throws {Error} When the sum is wrong.
   */
  prepare({ devices, bytes, count = 1, bytesPerPack = 0 }) {
    const { environment, context, executor: primaryExecutor } = this;
    const { backend } = environment;
    const tensors = Array.from({ length: count }, () => tf.ones([Math.max(1, bytes / count / 4)]));
    const made = makeReplicaFunction({
      environment,
      core: loadTfjsCore(),
      group: {
        size: devices,
        firstReplica: 0,
        key: FIRST_GROUP_KEY + devices,
        pairKey: () => 0,
        instanceKeys: this.#instanceKeys,
        options: { bytesPerPack, timeoutSeconds: 0, implementation: 'auto', gradientType: 'float32' },
      },
      replica: 0,
      seed: 1,
      data: tensors,
      name: `bench_all_reduce_${this.#functions++}`,
      body: ({ data, allReduce }) => allReduce.sum(data),
      boardType: DataTypeCode.Float,
      timed: false,
    });
    const primary = tensors
      .map((tensor) => backend.handleOf(tensor))
      .filter((handle) => handle instanceof TensorHandle);
    const replicas = this.queues.slice(0, devices).map(({ device, executor }) => ({
      executor,
      inputs: primary.map((handle) => context.copyToDevice(handle, device)),
    }));
    const exchange = { signature: made.function.name, collectives: made.collectives };
    const call = () => {
      const base = this.#instanceKeys.forStep(exchange, 0, () => undefined);
      const key = primaryExecutor.fromHost(Int32Array.of(base), [], DataTypeCode.Int32);
      const outputs = replicas.map(({ executor, inputs }) =>
        executor.executeKnown(made.function.name, [...inputs, key], made.outputs),
      );
      for (const [first] of outputs) first?.wait();
      key.dispose();
      return outputs;
    };
    const check = call();
    for (const [first] of check) {
      const sum = first === undefined ? [] : [...primaryExecutor.readSync(first)];
      if (sum[0] !== devices || sum.at(-1) !== devices)
        throw new Error(`The sum over ${devices} devices is ${String(sum[0])}.`);
    }
    release(check);
    return {
      sample() {
        const calls = callsPerSample(bytes);
        const start = performance.now();
        for (let index = 0; index < calls; index++) release(call());
        return (performance.now() - start) / calls / 1000;
      },
      dispose() {
        release(replicas.map(({ inputs }) => inputs));
        tf.dispose(tensors);
        made.dispose();
      },
    };
  }
}
