/**
 * Collectives (all-reduce, merge) of replicas that run in turns. A replica that reaches a collective before the others
 * leaves its value and is suspended. Once all values are there, it runs again from its start, and reads the results of
 * the collectives that are complete. Touches tensors and variables.
 */
import type { ReplicaChannel, ReplicaTask } from '../../distribute/ports/replica-runner.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { JoinedTensors, OtherProcesses } from './other-processes.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { Combination } from '../../distribute/combination.js';
import { gatherByMerge } from '../../distribute/gather-tensors.js';
import { mapTensors } from '../../distribute/nest.js';
import { ReduceOp } from '../../distribute/reduce-op.js';
import { keepCopy } from '../../tfjs/kept-tensors.js';
import {
  applyCopyWrites,
  applyWrites,
  type CopyWrites,
  releaseWrites,
  type VariableIsolation,
  type VariableWrites,
} from '../../tfjs/variable-isolation.js';

/** Leaves the code of a replica that has to wait. It never reaches the user. */
export class Suspended extends Error {
  override readonly name = 'Suspended';
}

interface AllReduceOffer {
  readonly kind: 'allReduce';
  readonly operation: ReduceOp;
  readonly tensors: readonly Tensor[];
}

interface MergeOffer {
  readonly kind: 'mergeCall';
  readonly value: unknown;
  readonly merge: (values: readonly unknown[]) => unknown;
  /** What the user's code called. */
  readonly name: string;
  /** The variables that the replica wrote before: the merging code sees the writes of all replicas. */
  readonly writes: VariableWrites;
}

type Offer = AllReduceOffer | MergeOffer;

type Outcome =
  | { readonly kind: 'allReduce'; readonly tensors: readonly Tensor[] }
  | {
      readonly kind: 'mergeCall';
      readonly result: unknown;
      readonly writes: VariableWrites;
      readonly copyWrites: CopyWrites;
    };

function describe(offer: Offer | undefined): string {
  if (offer === undefined) return 'has finished';
  if (offer.kind === 'mergeCall') return `waits in ${offer.name}`;
  const shapes = offer.tensors.map((tensor) => `[${tensor.shape.join(', ')}]`).join(', ');
  return `waits in allReduce ${offer.operation} of ${shapes}`;
}

function sameShape(one: Offer, other: Offer): boolean {
  if (one.kind === 'mergeCall' && other.kind === 'mergeCall') return one.name === other.name;
  if (one.kind !== 'allReduce' || other.kind !== 'allReduce') return false;
  const shapes = (offer: typeof one): string =>
    offer.tensors.map((tensor) => `${tensor.dtype}${tensor.shape.join(',')}`).join(';');
  return one.operation === other.operation && shapes(one) === shapes(other);
}

function release(structure: unknown): void {
  mapTensors(structure, (tensor) => {
    // Variables belong to the code that made them.
    if (!('assign' in tensor) && !tensor.isDisposed) tensor.dispose();
    return tensor;
  });
}

/** All collectives of one task. */
export class CollectiveRendezvous {
  readonly #tf: TensorFlowJs;
  readonly #task: ReplicaTask<unknown>;
  readonly #variables: VariableIsolation;
  readonly #outcomes: Outcome[] = [];
  readonly #others: OtherProcesses | undefined;
  #offers = new Map<number, Offer>();

  /**
   * @param tf - The TensorFlow.js to compute with.
   * @param task - The task.
   * @param variables - The variables that its replicas write.
   * @param others - The replicas of other processes.
   */
  constructor(tf: TensorFlowJs, task: ReplicaTask<unknown>, variables: VariableIsolation, others?: OtherProcesses) {
    this.#others = others;
    this.#tf = tf;
    this.#task = task;
    this.#variables = variables;
  }

  /** Whether a replica waits for the others. */
  isWaiting(replicaId: number): boolean {
    return this.#offers.has(replicaId);
  }

  /** The channel of one replica, for one run from its start. */
  channel(replicaId: number): ReplicaChannel {
    let place = 0;
    /** The outcome of the next collective; undefined until all replicas have reached it. */
    const nextOutcome = (): Outcome | undefined => this.#outcomes[place++];
    const local = this.#task.topology.localIndexOf(replicaId);
    const merge = <Result>(name: string, value: unknown, merge: (values: readonly unknown[]) => Result): Result => {
      const outcome = nextOutcome();
      if (outcome?.kind !== 'mergeCall') {
        this.#offers.set(replicaId, {
          kind: 'mergeCall',
          name,
          value: this.#copyStructure(value),
          merge,
          writes: this.#variables.collectWrites(),
        });
        throw new Suspended();
      }
      applyWrites(this.#tf, outcome.writes);
      applyCopyWrites(this.#tf, outcome.copyWrites, local);
      return mapTensors(outcome.result, (tensor) => ('assign' in tensor ? tensor : this.#tf.clone(tensor))) as Result;
    };
    const mergeCall: ReplicaChannel['mergeCall'] = (value, body) => merge('mergeCall', value, body);
    return {
      allGather: gatherByMerge(
        this.#tf,
        this.#task.replicaIds.indexOf(replicaId),
        mergeCall,
        this.#others && ((tensors, axis) => this.#others?.join(tensors, axis) as JoinedTensors),
      ),
      mergeCall,
      update: ({ name, combination, tensors, apply }) => {
        merge(name, [...tensors], (given) => {
          apply(this.#combine(combination, given as readonly (readonly Tensor[])[]));
          return null;
        });
      },
      allReduce: (operation, tensors) => {
        let outcome = nextOutcome();
        if (outcome === undefined) {
          this.#offers.set(replicaId, {
            kind: 'allReduce',
            operation,
            tensors: tensors.map((tensor) => this.#copy(tensor)),
          });
          // The last replica to arrive need not run again.
          if (this.#offers.size < this.#task.replicaIds.length) throw new Suspended();
          outcome = this.complete();
        }
        return outcome.kind === 'allReduce' ? outcome.tensors.map((tensor) => this.#tf.clone(tensor)) : [];
      },
    };
  }

  /** Outlives the turn. Not through `tf.keep`, whose tensors a turn releases when it is left. */
  #copy(tensor: Tensor): Tensor {
    return keepCopy(this.#tf, tensor);
  }

  #copyStructure(structure: unknown): unknown {
    return mapTensors(structure, (tensor) => ('assign' in tensor ? tensor : this.#copy(tensor)));
  }

  /**
   * Completes the collective that all replicas have reached.
   *
   * @throws {MirrorscopeError} `STRATEGY_MISUSE` when a replica has not reached it, or has reached another one.
   */
  complete(): Outcome {
    const { replicaIds } = this.#task;
    const offers = replicaIds.map((replicaId) => this.#offers.get(replicaId));
    const [first] = offers;
    if (first === undefined || !offers.every((offer) => offer !== undefined && sameShape(first, offer))) {
      const places = replicaIds.map((replicaId, index) => `replica ${replicaId} ${describe(offers[index])}`);
      throw new MirrorscopeError(
        ErrorCode.StrategyMisuse,
        `The replicas do not reach the same collective: ${places.join('; ')}.`,
        {
          hint: 'Call allReduce and mergeCall on every replica, in the same order, with the same shapes.',
        },
      );
    }
    const outcome =
      first.kind === 'allReduce'
        ? this.#allReduce(first, offers as AllReduceOffer[])
        : this.#merge(first, offers as MergeOffer[]);
    this.#outcomes.push(outcome);
    this.#releaseOffers();
    return outcome;
  }

  /** Combines the tensors of every replica. */
  #combine(combination: Combination, given: readonly (readonly Tensor[])[]): Tensor[] {
    const [first = []] = given;
    return first.map((own, index) => {
      const tensors = given.map((each) => each[index] as Tensor);
      const isSame = combination === Combination.Equal && tensors.every(({ dataId }) => dataId === own.dataId);
      if (combination === Combination.First) return this.#others?.fromFirst(own) ?? own;
      if (isSame && this.#others === undefined) return own;
      return this.#reduce(combination === Combination.Sum ? ReduceOp.SUM : ReduceOp.MEAN, tensors);
    });
  }

  #allReduce(first: AllReduceOffer, offers: readonly AllReduceOffer[]): Outcome {
    const tensors = first.tensors.map((_, index) =>
      this.#tf.tidy(() => {
        const parts = offers.map((offer) => offer.tensors[index] as Tensor);
        return this.#copy(this.#reduce(first.operation, parts));
      }),
    );
    return { kind: 'allReduce', tensors };
  }

  #reduce(operation: ReduceOp, tensors: readonly Tensor[]): Tensor {
    return this.#others?.reduce(operation, tensors) ?? this.#task.crossDeviceOps.reduce(this.#tf, operation, tensors);
  }

  #merge(first: MergeOffer, offers: readonly MergeOffer[]): Outcome {
    const result = this.#variables.isolate(() =>
      this.#tf.tidy(() => {
        this.#variables.commit(
          offers.map(({ writes }) => writes),
          this.#locals(),
        );
        const merged = this.#copyStructure(first.merge(offers.map((offer) => offer.value)));
        return merged as never;
      }),
    ) as unknown;
    return {
      kind: 'mergeCall',
      result,
      ...this.#variables.collectJointWrites(),
    };
  }

  /** The positions of the replicas that take part among the local ones. */
  #locals(): number[] {
    const { replicaIds, topology } = this.#task;
    return replicaIds.map((replicaId) => topology.localIndexOf(replicaId));
  }

  #releaseOffers(): void {
    for (const offer of this.#offers.values()) {
      release(offer.kind === 'allReduce' ? offer.tensors : offer.value);
      if (offer.kind === 'mergeCall') releaseWrites(offer.writes);
    }
    this.#offers = new Map();
  }

  /** Releases all exchanged tensors. */
  close(): void {
    this.#releaseOffers();
    for (const outcome of this.#outcomes.splice(0)) {
      release(outcome.kind === 'allReduce' ? outcome.tensors : outcome.result);
      if (outcome.kind === 'mergeCall') {
        releaseWrites(outcome.writes);
        releaseWrites(outcome.copyWrites);
      }
    }
  }
}
