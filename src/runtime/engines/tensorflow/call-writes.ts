/**
 * The variables that the replicas write in one call of a traced function. All replicas must write the same ones, but
 * the recording of one replica shows only its own. Recordings that were made before all writes were known are made
 * again. Touches the variables while a replica is recorded.
 */
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { AllReduce } from '../../trace/recorded-all-reduce.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { assignValue } from '../../tfjs/registered-variables.js';
import { copiesOf } from '../../tfjs/replica-copies.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/** What the recording of one replica wrote. */
export interface ReplicaWrites {
  /** Names the recording. Replicas that run the same recording have the same name. */
  readonly recording: string;
  readonly written: readonly Variable[];
  /** The variables that all replicas changed together, by the value that they gave them. */
  readonly agreed: ReadonlyMap<Variable, object>;
  /** Asks which values may differ between replicas. */
  readonly varies: (tensors: readonly Tensor[]) => boolean[];
}

/** Gives a variable its own value again, so that the recording has it among its results. */
function writeAgain(tf: TensorFlowJs, variable: Variable): void {
  const same = variable.dtype === 'bool' ? tf.logicalOr(variable, variable) : tf.add(variable, tf.zerosLike(variable));
  assignValue(variable, same);
}

/** What is known of the writes of one call. */
export class CallWrites {
  /** The variables that each recording wrote, by its name. */
  readonly #written = new Map<string, ReadonlySet<Variable>>();
  /** Those whose value may differ between replicas: each gets the mean, as in an eager run. */
  readonly #differing = new Set<Variable>();
  /** Those that have a value on each replica. */
  readonly #withCopies = new Set<Variable>();
  readonly #replicas: number;
  #key = '';

  /** @param replicas - How many replicas there are. */
  constructor(replicas: number) {
    this.#replicas = replicas;
  }

  /** Names what every recording must write. Changes whenever a recording shows something new. */
  get key(): string {
    return this.#key;
  }

  /**
   * Completes the recording of one replica.
   *
   * @param tf - The TensorFlow.js that owns the variables.
   * @param allReduce - Adds up values over the replicas.
   * @param replica - What the replica's code wrote.
   * @throws {UntraceableError} when a variable differs whose type has no mean.
   */
  complete(tf: TensorFlowJs, allReduce: AllReduce, replica: ReplicaWrites): void {
    const written = new Set(replica.written);
    this.#note(replica, written);
    const differing = [...this.#differing];
    const other = differing.find(({ dtype }) => dtype !== 'float32');
    if (other !== undefined)
      throw new UntraceableError(
        'assign',
        `gives ${other.name}, of type ${other.dtype}, another value on each replica`,
      );
    const sums = allReduce.sum(differing);
    differing.forEach((variable, index) => {
      assignValue(variable, tf.div(sums[index] as Tensor, this.#replicas));
    });
    for (const variable of this.#withCopies) if (!written.has(variable)) writeAgain(tf, variable);
  }

  #note({ recording, agreed, varies }: ReplicaWrites, written: ReadonlySet<Variable>): void {
    const own = [...written].filter((variable) => agreed.get(variable) !== variable.dataId);
    const plain = own.filter((variable) => copiesOf(variable) === undefined);
    const answers = varies(plain);
    plain.forEach((variable, index) => {
      if (answers[index] === true) this.#differing.add(variable);
    });
    for (const variable of own) if (copiesOf(variable) !== undefined) this.#withCopies.add(variable);
    this.#written.set(recording, new Set(plain));
    // A replica that does not write a variable keeps the value before, so the values may differ.
    const writtenByAny = [...this.#written.values()].flatMap((each) => [...each]);
    for (const variable of writtenByAny)
      if ([...this.#written.values()].some((each) => !each.has(variable))) this.#differing.add(variable);
    for (const variable of this.#differing) if (variable.isDisposed) this.#differing.delete(variable);
    for (const variable of this.#withCopies) if (variable.isDisposed) this.#withCopies.delete(variable);
    this.#key = [this.#differing, this.#withCopies]
      .map((variables) => [...variables].map(({ id }) => id).join())
      .join(';');
  }
}
