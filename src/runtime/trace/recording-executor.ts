/**
 * Runs ops through another executor and writes down what it ran: each op call, and each value that host code made.
 * May touch: nothing but the executor that it wraps.
 */
import type { AttributeSet } from '../tensorflow/attributes.js';
import type { DataTypeCode } from '../tensorflow/data-types-table.js';
import type { Handle, HostValues, OpExecutor, OpInput } from '../tensorflow/op-executor.js';

import { flatInputs, type HostConstant, type RecordedOperation } from './program.js';
import { UntraceableError } from './untraceable-error.js';

/** More than there are replicas. */
const BRANCHES = 0x1_0000n;

/** A handle reads its shape and element type when it is first asked, and keeps them. */
function rememberSignature(handle: Handle): void {
  void handle.shape;
  void handle.dtype;
}

/** A place in a sequence of random operations. */
export interface RandomDraws {
  /** Tells the sequences of replicas, and of runs, apart. */
  readonly branch: bigint;
  /** How many there were in it. */
  count: number;
}

/** An executor whose calls become a program. One recording each; stop using it afterwards. */
export class RecordingExecutor implements OpExecutor {
  readonly operations: RecordedOperation[] = [];
  readonly constants = new Map<Handle, HostConstant>();
  /** Where random operations stand: the same place gives the same numbers, also when code is run again to be recorded. */
  draws: RandomDraws = { branch: 0n, count: 0 };
  readonly #inner: OpExecutor;

  constructor(inner: OpExecutor) {
    this.#inner = inner;
  }

  execute(op: string, attributes: AttributeSet, inputs: readonly OpInput[], outputCount: number): Handle[] {
    const outputs = this.#inner.execute(op, attributes, inputs, outputCount);
    this.#append(op, attributes, inputs, outputs);
    return outputs;
  }

  execute1(op: string, attributes: AttributeSet, inputs: readonly OpInput[]): Handle {
    const output = this.#inner.execute1(op, attributes, inputs);
    this.#append(op, attributes, inputs, [output]);
    return output;
  }

  /** Records a call without running it: `outputs` stand for its results while recording goes on. */
  append(op: string, attributes: AttributeSet, inputs: readonly OpInput[], outputs: readonly Handle[]): void {
    this.#append(op, attributes, inputs, outputs);
  }

  #append(op: string, attributes: AttributeSet, inputs: readonly OpInput[], outputs: readonly Handle[]): void {
    // Read now: most of these values are disposed before anyone looks at the program.
    for (const handle of [...flatInputs(inputs), ...outputs]) rememberSignature(handle);
    // Kernels may reuse the array that they pass; lists inside are theirs for good.
    this.operations.push({ op, attributes, inputs: [...inputs], outputs });
  }

  fromHost(values: HostValues, shape: readonly number[], dtype: DataTypeCode): Handle {
    const handle = this.#inner.fromHost(values, shape, dtype);
    // A copy: the caller may reuse its array as soon as this returns.
    this.constants.set(handle, { handle, values: values.slice() as HostValues });
    return handle;
  }

  constant(values: readonly number[], shape: readonly number[], dtype: DataTypeCode): Handle {
    return this.#inner.constant(values, shape, dtype);
  }

  /**
   * Begins a run of several replicas: what is returned runs code of one of them with random operations of its own, the same each
   * time that it runs.
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

  read(): Promise<HostValues> {
    return Promise.reject(new UntraceableError('data'));
  }
}
