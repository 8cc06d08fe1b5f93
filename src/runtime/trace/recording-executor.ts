/**
 * Runs ops through another executor and records them: each op call, and each value that host code makes.
 * Touches only the executor that it wraps.
 */
import type { AttributeSet } from '../tensorflow/attributes.js';
import type { DataTypeCode } from '../tensorflow/data-types-table.js';
import type { Handle, HostValues, OpExecutor, OpInput } from '../tensorflow/op-executor.js';

import { flatInputs, type HostConstant, type RecordedOperation } from './program.js';
import { UntraceableError } from './untraceable-error.js';

/** More than there are replicas, so that branch numbers never collide. */
const BRANCHES = 0x1_0000n;

/** A handle reads its shape and element type on first access, and keeps them after its tensor is gone. */
function readSignature({ shape, dtype }: Handle): Pick<Handle, 'shape' | 'dtype'> {
  return { shape, dtype };
}

/** A position in a sequence of random operations. */
export interface RandomDraws {
  /** Distinguishes the sequences of replicas and of repeated runs. */
  readonly branch: bigint;
  /** How many operations the sequence has so far. */
  count: number;
}

/** An executor whose calls become a program. Use it for one recording. */
export class RecordingExecutor implements OpExecutor {
  readonly operations: RecordedOperation[] = [];
  readonly constants = new Map<Handle, HostConstant>();
  /**
   * The current position. The same position draws the same numbers, also when code runs again in order to be recorded.
   */
  draws: RandomDraws = { branch: 0n, count: 0 };
  readonly #inner: OpExecutor;

  /** @param inner - Runs the ops. */
  constructor(inner: OpExecutor) {
    this.#inner = inner;
  }

  execute(op: string, attributes: AttributeSet, inputs: readonly OpInput[], outputCount: number): Handle[] {
    const outputs = this.#inner.execute(op, attributes, inputs, outputCount);
    this.append(op, attributes, inputs, outputs);
    return outputs;
  }

  execute1(op: string, attributes: AttributeSet, inputs: readonly OpInput[]): Handle {
    const output = this.#inner.execute1(op, attributes, inputs);
    this.append(op, attributes, inputs, [output]);
    return output;
  }

  /**
   * Records a call without running it.
   *
   * @param op - The name of the op.
   * @param attributes - Its attributes.
   * @param inputs - Its inputs.
   * @param outputs - Values that stand for its results while the recording goes on.
   */
  append(op: string, attributes: AttributeSet, inputs: readonly OpInput[], outputs: readonly Handle[]): void {
    // Read now: most of these values are disposed before the program is built.
    for (const handle of [...flatInputs(inputs), ...outputs]) readSignature(handle);
    // A copy: kernels may reuse the array. They never change the lists inside it.
    this.operations.push({ op, attributes, inputs: [...inputs], outputs });
  }

  fromHost(values: HostValues, shape: readonly number[], dtype: DataTypeCode): Handle {
    const handle = this.#inner.fromHost(values, shape, dtype);
    // A copy: the caller may reuse its array as soon as this returns.
    this.constants.set(handle, { handle, values: values.slice() });
    return handle;
  }

  constant(values: readonly number[], shape: readonly number[], dtype: DataTypeCode): Handle {
    return this.#inner.constant(values, shape, dtype);
  }

  /**
   * Begins a run of several replicas, in which each replica draws random numbers of its own.
   *
   * @returns A function that runs code of one replica. The code draws the same numbers each time that it runs.
   */
  branchDraws(): <Result>(replicaId: number, body: () => Result) => Result {
    const { branch, count } = this.draws;
    const first = (branch + BigInt(count) + 1n) * BRANCHES;
    this.draws.count++;
    return (replicaId, body) => {
      const outer = this.draws;
      this.draws = { branch: first + BigInt(replicaId), count: 0 };
      try {
        return body();
      } finally {
        this.draws = outer;
      }
    };
  }

  readSync(): HostValues {
    throw new UntraceableError('dataSync');
  }

  peek(handle: Handle): HostValues {
    return this.#inner.peek(handle);
  }

  read(): Promise<HostValues> {
    return Promise.reject(new UntraceableError('data'));
  }
}
