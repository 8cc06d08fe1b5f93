/**
 * Records calls of kernels while a program runs: the smallest calls of each kernel, with different types, ranks or
 * attributes. `npm run fuzz:kernels` changes them into wrong calls. Changes the kernels that are registered with tfjs.
 */
import * as tf from '@tensorflow/tfjs';

/** @import { RecordedCall, RecordedInput } from './recorded-call.js' */

const MAX_ELEMENTS = 32;
const CALLS_PER_KERNEL = 3;

/** @typedef {{ dataId: object, shape: number[], dtype: tf.DataType }} Info */
/** @typedef {{ call: RecordedCall, elements: number, variety: string }} Candidate */

/** @param {Info} info - A tensor. @returns {RecordedInput} Its shape, type and values. */
function recordedInput({ dataId, shape, dtype }) {
  const values = /** @type {ArrayLike<number | Uint8Array>} */ (tf.engine().backend.readSync(dataId));
  const plain = Array.from(values, (value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : Number.isFinite(value) ? value : 0,
  );
  return { shape: [...shape], dtype, values: plain };
}

/** @param {unknown} value - An input of a kernel: a tensor, or a list. @returns {value is Info} */
const isInfo = (value) => typeof value === 'object' && value !== null && 'dataId' in value;

/** @param {unknown} list - An input that is a list. @returns {Info[]} Its tensors. */
const infosOf = (list) => (Array.isArray(list) ? list.filter(isInfo) : []);

/** Collects calls. */
export class CallRecorder {
  /** @type {Map<string, Candidate[]>} */
  #kept = new Map();

  /** @param {string} backendName - The backend whose kernels are recorded. */
  constructor(backendName) {
    for (const config of tf.getKernelsForBackend(backendName)) {
      const run = config.kernelFunc;
      config.kernelFunc = (given) => {
        const result = run(given);
        this.#consider(config.kernelName, given.inputs, given.attrs ?? {});
        return result;
      };
    }
  }

  /**
   * @param {string} kernel - Name of the kernel.
   * @param {object} inputs - Its inputs.
   * @param {object} attributes - Its attributes.
   */
  #consider(kernel, inputs, attributes) {
    const infos = Object.values(inputs).flat().filter(isInfo);
    const elements = infos.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    const isUsable = infos.every(({ dtype, shape }) => dtype !== 'complex64' && shape.length <= 6);
    if (elements > MAX_ELEMENTS || !isUsable) return;
    const variety = JSON.stringify([
      Object.keys(inputs),
      infos.map(({ dtype, shape }) => [dtype, shape.length]),
      Object.entries(attributes).map(([name, value]) => (typeof value === 'number' ? name : [name, value])),
    ]);
    const kept = this.#kept.get(kernel) ?? [];
    if (kept.some((other) => other.variety === variety)) return;
    if (kept.length === CALLS_PER_KERNEL && (kept.at(-1)?.elements ?? 0) <= elements) return;
    const recorded = Object.entries(inputs)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, isInfo(value) ? recordedInput(value) : infosOf(value).map(recordedInput)]);
    const inputsOf = /** @type {unknown} */ (Object.fromEntries(recorded));
    const plain = /** @type {unknown} */ (JSON.parse(JSON.stringify(attributes)));
    /** @type {RecordedCall} */
    const call = {
      kernel,
      inputs: /** @type {RecordedCall['inputs']} */ (inputsOf),
      isList: Array.isArray(inputs),
      attributes: /** @type {Record<string, unknown>} */ (plain),
    };
    this.#kept.set(
      kernel,
      [...kept, { call, elements, variety }].sort((a, b) => a.elements - b.elements).slice(0, CALLS_PER_KERNEL),
    );
  }

  /** @returns {RecordedCall[]} The calls, by kernel. */
  get calls() {
    return [...this.#kept.keys()].sort().flatMap((name) => (this.#kept.get(name) ?? []).map(({ call }) => call));
  }
}
