/** How fast this machine copies memory: what an all-reduce is compared with. Runs ops on TensorFlow. */
import { NO_ATTRIBUTES } from '../../dist/runtime/tensorflow/attributes.js';
import { DataTypeCode } from '../../dist/runtime/tensorflow/data-types-table.js';

/** @import { EagerExecutor } from '../../dist/runtime/tensorflow/eager-executor.js' */

/**
 * Prepares a copy of a large array, by one core's memory copy and by TensorFlow's threads; the faster one counts.
 * @param {EagerExecutor} executor - Runs TensorFlow's copy.
 * @param {number} bytes - Size of the array.
 * @returns {() => number} Takes a sample: bytes read and written per second.
 */
export function prepareCopy(executor, bytes) {
  const [from, to] = [new Float32Array(bytes / 4).fill(1), new Float32Array(bytes / 4)];
  const handle = executor.fromHost(from, [from.length], DataTypeCode.Float);
  /** @param {() => void} run - Copies once. */
  const rate = (run) => {
    const start = performance.now();
    run();
    return (2 * bytes) / ((performance.now() - start) / 1000);
  };
  return () => {
    const byOneCore = rate(() => {
      to.set(from);
    });
    const byThreads = rate(() => {
      const copy = executor.execute1('Neg', NO_ATTRIBUTES, [handle]);
      copy.wait();
      copy.dispose();
    });
    return Math.max(byOneCore, byThreads);
  };
}
