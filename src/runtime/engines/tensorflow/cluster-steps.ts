/**
 * The steps of a strategy over several processes that belong to no model: initial values, reduce and gather. Every
 * process must run them in the same order. Touches tfjs variables and the replicas' queues.
 */
import type { Cluster } from '../../cluster/cluster.js';
import type { ReplicaTopology } from '../../distribute/replica-topology.js';
import type { ModelFunctions } from '../../layers/model-functions.js';
import type { DistributableModel } from '../../tfjs/layers-model.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { JoinedTensors, OtherProcesses } from '../turns/other-processes.js';
import type { DataType, Tensor, Variable } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { session } from '../../backend/install.js';
import { ReduceOp } from '../../distribute/reduce-op.js';
import { shuffleFromSeed } from '../../layers/seeded-shuffle.js';
import { EagerExecutor } from '../../tensorflow/eager-executor.js';
import { assignValue } from '../../tfjs/registered-variables.js';
import { copiesOf, setCopies } from '../../tfjs/replica-copies.js';
import { ReplicatedStep } from '../../trace/replicated-step.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

import { ReplicaMadeVariables } from './replica-made-variables.js';
import { asNumbers } from './tracing-context.js';

/** The parts of {@link ClusterSteps}. */
export interface ClusterStepsParts {
  readonly tf: TensorFlowJs;
  readonly topology: ReplicaTopology;
  readonly cluster: Cluster;
  readonly stepOptions: ReplicatedStepOptions;
  /** The variables that are made in the strategy's scope, in order. */
  readonly scopeVariables: ReadonlySet<Variable>;
}

/** The steps of one strategy. */
export class ClusterSteps implements OtherProcesses {
  readonly #parts: ClusterStepsParts;
  readonly #sum: ReplicatedStep;
  #shuffles = 0;
  /** The variables that have the same value in every process. */
  readonly #agreed = new WeakSet<Variable>();
  readonly #madeInReplicas: ReplicaMadeVariables;

  constructor(parts: ClusterStepsParts) {
    this.#parts = parts;
    this.#sum = new ReplicatedStep('reduce', parts.stepOptions);
    this.#madeInReplicas = new ReplicaMadeVariables(parts.stepOptions.environment, parts.cluster, this.#agreed);
  }

  /** The options of every step of the strategy. */
  get stepOptions(): ReplicatedStepOptions {
    return this.#parts.stepOptions;
  }

  /** Shuffles row numbers in place, into the same order in every process. */
  readonly shuffle = (order: Int32Array): void => {
    shuffleFromSeed(order, this.#parts.stepOptions.seed, this.#shuffles++);
  };

  /** Gives the variables of the strategy's scope the chief's values, unless they have them. */
  agreeOnScope(): void {
    const fromScope = [...this.#parts.scopeVariables].filter(({ isDisposed }) => !isDisposed);
    this.agree([...fromScope, ...this.#madeInReplicas.all]);
  }

  /**
   * Lets a model that runs operation by operation begin with the chief's weights, and shuffle alike.
   *
   * @param model - The model.
   * @param eager - Its functions.
   * @returns The functions to use.
   */
  eagerFunctions(model: DistributableModel, eager: ModelFunctions): ModelFunctions {
    const agreeing =
      <Args extends unknown[], Result>(body: (...args: Args) => Result) =>
      (...args: Args): Result => {
        this.agree(model.weights.map((weight) => weight.read()));
        return body(...args);
      };
    return {
      ...eager,
      train: agreeing(eager.train),
      test: agreeing(eager.test),
      predict: agreeing(eager.predict),
      feed: {
        ready: () => Promise.resolve(),
        place: () => ({ dispose: () => undefined }),
        shuffle: this.shuffle,
      },
    };
  }

  /**
   * Gives variables the chief's values, unless they have them.
   *
   * @param variables - In the same order in every process.
   */
  agree(variables: readonly Variable[]): void {
    const fresh = variables.filter((variable) => !this.#agreed.has(variable) && variable.dtype !== 'string');
    if (fresh.length === 0) return;
    const { tf, topology, cluster } = this.#parts;
    if (cluster.pythonPeers) throw variablesBesidePython(fresh);
    for (const variable of fresh) this.#agreed.add(variable);
    const withCopies = fresh.filter((variable) => copiesOf(variable) !== undefined);
    this.#takeFromChief(fresh.filter((variable) => !withCopies.includes(variable)));
    // A variable that synchronizes when it is read has a value on each replica.
    for (const variable of withCopies) {
      const [first] = copiesOf(variable) ?? [];
      if (first === undefined) continue;
      tf.tidy(() => {
        const value = this.fromFirst(first);
        setCopies(
          tf,
          variable,
          topology.localReplicaIds.map(() => value),
        );
      });
    }
  }

  /** Gives variables with one value for all replicas the chief's. */
  #takeFromChief(fresh: readonly Variable[]): void {
    if (fresh.length === 0) return;
    const { tf, topology, stepOptions } = this.#parts;
    const step = new ReplicatedStep('initial values', stepOptions);
    step.run(
      topology.localReplicaIds.map((replicaId) => ({
        key: replicaId === 0 ? 'chief' : 'other',
        data: [],
        body: ({ allReduce }) => {
          const own = asNumbers(tf, fresh).map((value) => (replicaId === 0 ? value : tf.zerosLike(value)));
          const sums = allReduce.sum(
            own,
            fresh.map(({ name }) => `the initial value of ${name}`),
          );
          fresh.forEach((variable, index) => {
            assignValue(variable, tf.cast(sums[index] as Tensor, variable.dtype));
          });
          return [];
        },
      })),
      '',
    );
    // Whatever uses the variables next would find a failure only as an error of TensorFlow.
    stepOptions.inFlight.endAll();
  }

  /**
   * Runs code of replicas, which may make variables: in `strategy.run`, they take the chief's value at once. In a
   * recording they take it before the step runs, by {@link agreeOnScope}.
   *
   * @param body - Runs once.
   * @returns What `body` returns.
   */
  withNewVariables<Result>(body: () => Result): Result {
    return this.#madeInReplicas.watch(body);
  }

  /**
   * Combines tensors of all replicas.
   *
   * @param operation - `SUM`, or `MEAN`, which divides by the number of replicas.
   * @param tensors - Those of local replicas, in order; at least one. The other local replicas contribute zeros.
   * @returns A new tensor.
   */
  reduce(operation: ReduceOp, tensors: readonly Tensor[]): Tensor {
    const { tf, topology } = this.#parts;
    this.#requireEager();
    return tf.tidy(() => {
      const [first, ...others] = asNumbers(tf, tensors);
      if (first === undefined) throw new RangeError('there are no tensors to combine');
      const own = [first, ...others];
      while (own.length < topology.localReplicaCount) own.push(tf.zerosLike(first));
      const sum = this.#sumOf(own, `reduce ${operation}`);
      return operation === ReduceOp.MEAN ? tf.div(sum, topology.replicaCount) : sum;
    });
  }

  fromFirst(tensor: Tensor): Tensor {
    const { tf, topology } = this.#parts;
    return tf.tidy(() => {
      const own = topology.firstReplicaId === 0 ? tensor : tf.zerosLike(tensor);
      return tf.cast(this.reduce(ReduceOp.SUM, [own]), tensor.dtype);
    });
  }

  agreeOnWrites(variables: readonly Variable[]): void {
    const { tf, topology } = this.#parts;
    const share = topology.localReplicaCount / topology.replicaCount;
    for (const variable of variables) {
      if (variable.dtype === 'string') continue;
      tf.tidy(() => {
        const value =
          variable.dtype === 'float32'
            ? this.reduce(ReduceOp.SUM, [tf.mul(variable, share)])
            : this.fromFirst(variable);
        assignValue(variable, value);
      });
    }
  }

  /**
   * Concatenates tensors of all replicas, in replica order.
   *
   * @param tensors - Those of the local replicas, in order. Some or all may be missing.
   * @param axis - The axis; negative axes count from the last.
   * @returns A new tensor.
   */
  gather(tensors: readonly Tensor[], axis: number): Tensor {
    return this.join(tensors, axis).value;
  }

  join(tensors: readonly Tensor[], axis: number): JoinedTensors {
    const { tf, topology } = this.#parts;
    this.#requireEager();
    let starts: number[] = [];
    const value = tf.tidy(() => {
      const all = this.#shapesOfAll(tensors);
      const known = all.find(({ shape }) => shape !== undefined);
      if (known?.shape === undefined) throw new RangeError('there are no tensors to concatenate');
      const { shape, dtype } = known;
      const along = axis < 0 ? axis + shape.length : axis;
      const sizes = all.map((each) => each.shape?.[along] ?? 0);
      const sum = (some: readonly number[]): number => some.reduce((total, size) => total + size, 0);
      const total = sum(sizes);
      starts = topology.localReplicaIds.map((replicaId) => sum(sizes.slice(0, replicaId)));
      const whole = shape.map((size, index) => (index === along ? total : size));
      const inPlace = topology.localReplicaIds.map((replicaId, index) => {
        const tensor = tensors[index];
        if (tensor === undefined || tensor.size === 0) return tf.zeros(whole, dtype);
        const before = starts[index] ?? 0;
        const after = total - before - (sizes[replicaId] ?? 0);
        return tf.pad(
          tensor,
          shape.map((_, place) => (place === along ? [before, after] : [0, 0])),
        );
      });
      return tf.cast(this.#sumOf(asNumbers(tf, inPlace), 'gather'), dtype);
    });
    return { value, starts };
  }

  /** Tells all processes the shapes of this one's tensors. */
  #shapesOfAll(tensors: readonly Tensor[]): { readonly shape: readonly number[] | undefined; dtype: DataType }[] {
    const { tf, topology } = this.#parts;
    const table = topology.localReplicaIds.map((replicaId, index) => {
      const rows = Array.from({ length: topology.replicaCount }, () => new Array<number>(SHAPE_WORDS).fill(0));
      const tensor = tensors[index];
      if (tensor !== undefined) rows[replicaId] = encodeShape(tensor);
      return tf.tensor2d(rows, [topology.replicaCount, SHAPE_WORDS], 'int32');
    });
    const words = this.#sumOf(table, 'the shapes to gather').dataSync<'int32'>();
    return Array.from({ length: topology.replicaCount }, (_, replica) =>
      decodeShape(words.subarray(replica * SHAPE_WORDS, (replica + 1) * SHAPE_WORDS)),
    );
  }

  /** Adds up one tensor of each replica. The other processes compare the words, which name what the sum is for. */
  #sumOf(tensors: readonly Tensor[], words: string): Tensor {
    const { backend } = this.#parts.stepOptions.environment;
    const outer = backend.executor;
    // Code of a replica may be running, whose operations go to its own device.
    backend.executor = session.executor;
    const run = (): Tensor[][] =>
      this.#sum.run(
        tensors.map((tensor) => ({
          key: words,
          data: [tensor],
          body: ({ data, allReduce }) => allReduce.sum(data, [words]),
        })),
        '',
      );
    const { peers } = this.#parts.stepOptions.group;
    let outputs: Tensor[][];
    try {
      outputs = peers === undefined ? run() : peers.explained(words, run);
    } finally {
      backend.executor = outer;
    }
    const [[sum] = [], ...others] = outputs;
    this.#parts.tf.dispose(others);
    return sum as Tensor;
  }

  #requireEager(): void {
    const { backend } = this.#parts.stepOptions.environment;
    if (backend.executor instanceof EagerExecutor) return;
    throw new UntraceableError('reduce', 'combines tensors of several processes');
  }
}

/** Python's processes exchange initial values with other collectives, when they make the variables. */
function variablesBesidePython(variables: readonly Variable[]): MirrorscopeError {
  const [first] = variables;
  return new MirrorscopeError(
    ErrorCode.StrategyMisuse,
    `The variable ${first?.name ?? ''} would get the chief's initial value, which is not possible beside Python.`,
    { hint: 'Make variables outside of the scope, and exchange their values with allReduce in strategy.run.' },
  );
}

/** A shape in a table: whether there is one, the type, the rank, the sizes. TensorFlow.js has no higher rank than 6. */
const SHAPE_WORDS = 9;
const TYPES: readonly DataType[] = ['float32', 'int32', 'bool'];

function encodeShape({ shape, dtype }: Tensor): number[] {
  const type = TYPES.indexOf(dtype);
  if (type === -1) throw new UntraceableError('gather', `joins values of type ${dtype} of several processes`);
  return [1, type, shape.length, ...shape, ...new Array<number>(SHAPE_WORDS - 3 - shape.length).fill(0)];
}

function decodeShape([present = 0, type = 0, rank = 0, ...sizes]: Iterable<number> & Int32Array): {
  readonly shape: readonly number[] | undefined;
  readonly dtype: DataType;
} {
  return { shape: present === 0 ? undefined : sizes.slice(0, rank), dtype: TYPES[type] ?? 'float32' };
}
