/**
 * Variables that say how the values of several replicas become one. Replaces methods of the variables that it makes;
 * touches tfjs variables.
 */
import type { DistributionStrategy } from './distribution-strategy.js';
import type { ReplicaTopology } from './replica-topology.js';
import type { DataType, Rank, Tensor, Variable } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { assignValue } from '../tfjs/registered-variables.js';
import { copiesOf, giveCopies, setCopies } from '../tfjs/replica-copies.js';
import { UntraceableError } from '../trace/untraceable-error.js';

import { Combination } from './combination.js';
import { currentFrame } from './context.js';
import { ReduceOp } from './reduce-op.js';
import { channelOf } from './replica-channels.js';
import { partsOf, type StrategyParts } from './strategy-parts.js';
import { DistributedValues } from './values.js';
import {
  checkVariablePolicy,
  VariableAggregation,
  type VariablePolicy,
  VariableSynchronization,
} from './variable-aggregation.js';

/** Options of `variable`. */
export interface VariableOptions extends Partial<VariablePolicy> {
  /** Whether optimizers change it by default. Default: true; false for a variable that synchronizes on read. */
  readonly trainable?: boolean | undefined;
  /** A unique name. Default: a number. */
  readonly name?: string | undefined;
  /** The element type. Default: that of the first value. */
  readonly dtype?: DataType | undefined;
}

/** What a variable can be changed by: in a replica, also a value with a component per replica. */
type Assignable = Tensor | number | DistributedValues;

/** A TensorFlow.js variable that says how the values of several replicas become one. */
export type DistributedVariable<R extends Rank = Rank> = Variable<R> &
  VariablePolicy & {
    /** The values on the replicas of this process, in replica order. They stay the variable's. */
    readonly values: readonly Tensor[];
    /** Adds a value. In a replica, the values that the replicas add are combined first. */
    assignAdd(value: Assignable): void;
    /** Subtracts a value. In a replica, the values that the replicas subtract are combined first. */
    assignSub(value: Assignable): void;
  };

type Change = 'assign' | 'assignAdd' | 'assignSub';

/** How the values of replicas are combined when they are written. */
const COMBINATIONS: ReadonlyMap<VariableAggregation, Combination> = new Map([
  [VariableAggregation.SUM, Combination.Sum],
  [VariableAggregation.MEAN, Combination.Mean],
  [VariableAggregation.ONLY_FIRST_REPLICA, Combination.First],
]);

/** One variable in its strategy. */
class VariableWriter {
  readonly #strategy: DistributionStrategy;
  readonly #variable: Variable;
  readonly #policy: VariablePolicy;
  /** False for a variable that was made outside every scope: it is a plain variable. */
  readonly #isInScope = currentFrame() !== undefined;

  constructor(strategy: DistributionStrategy, variable: Variable, policy: VariablePolicy) {
    this.#strategy = strategy;
    this.#variable = variable;
    this.#policy = policy;
  }

  get #parts(): StrategyParts {
    return partsOf(this.#strategy);
  }

  /** Combines the values of the replicas of a variable that synchronizes when it is read. */
  combine(values: readonly Tensor[]): Tensor {
    const { runner } = this.#parts;
    const { aggregation } = this.#policy;
    if (aggregation === VariableAggregation.ONLY_FIRST_REPLICA) return runner.tf.clone(values[0] as Tensor);
    const operation = aggregation === VariableAggregation.SUM ? ReduceOp.SUM : ReduceOp.MEAN;
    return runner.reduce(this.#parts, operation, values);
  }

  change(change: Change, given: Assignable): void {
    const { runner, topology } = this.#parts;
    const { tf } = runner;
    const frame = currentFrame();
    if (frame !== undefined && frame.strategy !== this.#strategy && hasReplicas(frame.strategy))
      throw new MirrorscopeError(
        ErrorCode.StrategyMisuse,
        `The variable ${this.#variable.name} is changed in another strategy than that in which it was made.`,
        { hint: 'Make and use a variable in one strategy.' },
      );
    tf.tidy(() => {
      const own = given instanceof DistributedValues ? this.#component(given, topology) : given;
      const value = typeof own === 'number' ? tf.scalar(own, this.#variable.dtype) : own;
      if (frame?.replica === undefined) this.#changeEverywhere(change, value);
      else if (hasReplicas(this.#strategy)) this.#changeInReplica(change, value);
      else assignValue(this.#variable, this.#changed(change, this.#variable, value));
    });
  }

  /** The component of a distributed value that belongs to the running replica. */
  #component({ values }: DistributedValues, topology: ReplicaTopology): Tensor {
    const replica = currentFrame()?.replica;
    const own = replica === undefined ? undefined : values[topology.localIndexOf(replica.replicaIdInSyncGroup)];
    if (own !== undefined) return own;
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `A value with a component per replica cannot be assigned to ${this.#variable.name} outside replicas.`,
      { hint: 'Assign it in strategy.run, or combine it with strategy.reduce first.' },
    );
  }

  #changed(change: Change, before: Tensor, value: Tensor): Tensor {
    const { tf } = this.#parts.runner;
    if (change === 'assign') return value;
    return change === 'assignAdd' ? tf.add(before, value) : tf.sub(before, value);
  }

  #changeInReplica(change: Change, value: Tensor): void {
    const { aggregation, synchronization } = this.#policy;
    const variable = this.#variable;
    const replica = currentFrame()?.replica;
    if (synchronization === VariableSynchronization.ON_READ) {
      assignValue(variable, this.#changed(change, variable, value));
      return;
    }
    const combination = COMBINATIONS.get(aggregation);
    const channel = replica === undefined ? undefined : channelOf(replica);
    if (combination === undefined || channel === undefined)
      throw new MirrorscopeError(
        ErrorCode.StrategyMisuse,
        `The variable ${variable.name} has no aggregation, so a replica cannot change it.`,
        {
          hint: 'Choose how the values of the replicas are combined, as in variable(0, { aggregation: VariableAggregation.SUM }), or change it outside strategy.run or in mergeCall.',
        },
      );
    const { tf } = this.#parts.runner;
    channel.update({
      name: `${change} of ${variable.name}`,
      combination,
      tensors: [tf.clone(value)],
      apply: ([combined]) => {
        tf.tidy(() => {
          assignValue(variable, this.#changed(change, variable, combined as Tensor));
        });
      },
    });
  }

  /** Outside replicas, all replicas get the new value. */
  #changeEverywhere(change: Change, value: Tensor): void {
    const variable = this.#variable;
    const { aggregation, synchronization } = this.#policy;
    const isSum =
      this.#isInScope && aggregation === VariableAggregation.SUM && synchronization === VariableSynchronization.ON_READ;
    if (isSum && change !== 'assign')
      throw new MirrorscopeError(
        ErrorCode.StrategyMisuse,
        `${change} cannot change ${variable.name} outside replicas: its value is the sum of the replicas' values.`,
        { hint: 'Assign a new sum, or change the variable in the replicas.' },
      );
    const copies = copiesOf(variable);
    if (copies === undefined) {
      assignValue(variable, this.#changed(change, variable, value));
      return;
    }
    const { runner, topology } = this.#parts;
    const { tf } = runner;
    if (runner.isRecording === true) throw new UntraceableError(change, `changes ${variable.name} on every replica`);
    // The replicas' values add up to the value that is assigned.
    const own = isSum ? tf.cast(tf.div(value, topology.replicaCount), variable.dtype) : value;
    requireSame(variable, own);
    setCopies(
      tf,
      variable,
      copies.map((before) => this.#changed(change, before, own)),
    );
  }
}

function hasReplicas(strategy: DistributionStrategy): boolean {
  return strategy.numReplicasInSync > 1;
}

/** Checks what `Variable.assign` checks. */
function requireSame(variable: Variable, { dtype, shape }: Tensor): void {
  if (dtype !== variable.dtype)
    throw new Error(`dtype of the new value (${dtype}) and previous value (${variable.dtype}) must match`);
  if (shape.join() !== variable.shape.join())
    throw new Error(
      `shape of the new value (${shape.join()}) and previous value (${variable.shape.join()}) must match`,
    );
}

/** Tells whether a value is a variable that {@link makeDistributedVariable} made. */
export function isDistributedVariable(value: unknown): value is DistributedVariable {
  return value !== null && typeof value === 'object' && 'assignAdd' in value && 'aggregation' in value;
}

/**
 * Makes a variable of a strategy.
 *
 * @param strategy - The strategy, whose scope or replica runs the calling code.
 * @param initialValue - The first value on every replica.
 * @param options - How the values of several replicas become one.
 * @returns The variable.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for options that do not go together.
 */
export function makeDistributedVariable<R extends Rank>(
  strategy: DistributionStrategy,
  initialValue: Tensor<R> | number,
  options: VariableOptions,
): DistributedVariable<R> {
  const { runner, topology } = partsOf(strategy);
  const { tf } = runner;
  const { aggregation = VariableAggregation.NONE, synchronization = VariableSynchronization.ON_WRITE } = options;
  const policy = { aggregation, synchronization };
  const isOnRead = synchronization === VariableSynchronization.ON_READ;
  const { trainable = !isOnRead, name, dtype } = options;
  const first = (typeof initialValue === 'number' ? tf.scalar(initialValue, dtype) : initialValue) as Tensor<R>;
  checkVariablePolicy(policy, dtype ?? first.dtype);
  const variable: Variable<R> = tf.variable(first, trainable, name, dtype);
  if (first !== initialValue) first.dispose();
  // Another replica has made it.
  if (isDistributedVariable(variable)) return variable;
  const writer = new VariableWriter(strategy, variable, policy);
  const inReplica = currentFrame()?.replica !== undefined;
  if (isOnRead && topology.isReplicated)
    giveCopies(tf, variable, {
      count: topology.localReplicaCount,
      combine: (values) => writer.combine(values),
      isStale: !inReplica,
    });
  const members = {
    aggregation,
    synchronization,
    assign: (value: Assignable) => {
      writer.change('assign', value);
    },
    assignAdd: (value: Assignable) => {
      writer.change('assignAdd', value);
    },
    assignSub: (value: Assignable) => {
      writer.change('assignSub', value);
    },
  };
  for (const [key, value] of Object.entries(members))
    Object.defineProperty(variable, key, { value, configurable: true, writable: true });
  Object.defineProperty(variable, 'values', {
    configurable: true,
    get: (): readonly Tensor[] => copiesOf(variable) ?? topology.localReplicaIds.map(() => variable),
  });
  return variable as DistributedVariable<R>;
}
