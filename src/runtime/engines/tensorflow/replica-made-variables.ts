/**
 * The variables that the code of replicas makes in `strategy.run`, in a strategy over several processes: they take the
 * chief's value. Hooks TensorFlow.js's `makeVariable`; talks to the other processes.
 */
import type { Cluster } from '../../cluster/cluster.js';
import type { RecordingEnvironment } from '../../trace/record-function.js';
import type { DataType, Variable } from '@tensorflow/tfjs';

import { currentFrame } from '../../distribute/context.js';
import { EagerExecutor } from '../../tensorflow/eager-executor.js';
import { assignValue, onVariableMade } from '../../tfjs/registered-variables.js';

/** The variables of one strategy. */
export class ReplicaMadeVariables {
  readonly #environment: RecordingEnvironment;
  readonly #cluster: Cluster;
  readonly #agreed: WeakSet<Variable>;
  /** In the order in which every process made them. */
  readonly #made = new Set<Variable>();

  /**
   * @param environment - Where the code runs.
   * @param cluster - The processes.
   * @param agreed - Gets the variables that have the chief's value.
   */
  constructor(environment: RecordingEnvironment, cluster: Cluster, agreed: WeakSet<Variable>) {
    this.#environment = environment;
    this.#cluster = cluster;
    this.#agreed = agreed;
  }

  /** The variables that exist. */
  get all(): readonly Variable[] {
    for (const variable of this.#made) if (variable.isDisposed) this.#made.delete(variable);
    return [...this.#made];
  }

  /**
   * Runs code of replicas. A variable that it makes takes the chief's value at once, unless the code is being recorded.
   *
   * @param body - Runs once.
   * @returns What `body` returns.
   */
  watch<Result>(body: () => Result): Result {
    const { tf, backend } = this.#environment;
    const stop = onVariableMade(tf, (variable) => {
      const frame = currentFrame();
      if (frame?.isRun !== true || frame.replica === undefined) return;
      this.#made.add(variable);
      if (backend.executor instanceof EagerExecutor) this.#takeAtOnce(variable);
    });
    try {
      return body();
    } finally {
      stop();
    }
  }

  /** Through the chief's store, because the code of a replica is running: collectives have to wait until it ends. */
  #takeAtOnce(variable: Variable): void {
    const { tf } = this.#environment;
    const { shape, dtype } = variable;
    const cluster = this.#cluster;
    if (dtype === 'string' || cluster.pythonPeers) return;
    this.#agreed.add(variable);
    const subject = cluster.nextName(`the first value of a variable [${shape.join()}]`);
    const text = cluster.fromChief(subject, () => textOf(variable.dataSync()));
    if (cluster.isChief) return;
    tf.tidy(() => {
      assignValue(variable, tf.tensor(valuesOf(text, dtype), shape, dtype));
    });
  }
}

/** Numbers as text, without loss. */
function textOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function valuesOf(text: string, dtype: DataType): Float32Array | Int32Array | Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  if (dtype === 'float32') return new Float32Array(bytes.buffer);
  return dtype === 'int32' ? new Int32Array(bytes.buffer) : bytes;
}
