/**
 * How a model trains, evaluates and predicts by traced steps, which record the model's own TensorFlow.js functions. A
 * step that cannot be recorded runs eagerly, with the same result and one warning.
 */
import type { DistributionStrategy } from '../../distribute/distribution-strategy.js';
import type { ModelFunctions, StepCounter } from '../../layers/model-functions.js';
import type {
  BatchData,
  DistributableModel,
  PredictFunction,
  TestFunction,
  TrainFunction,
} from '../../tfjs/layers-model.js';
import type { AllReduce } from '../../trace/recorded-all-reduce.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { ClusterSteps } from './cluster-steps.js';
import type { StepMaker, TracedStep } from './traced-step.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs';

import { runInReplica } from '../../distribute/run-replicas.js';
import { partsOf } from '../../distribute/strategy-parts.js';
import { microBatchCount } from '../../layers/micro-batches.js';
import { predictInBatches } from '../../layers/predict-batches.js';
import { stepRows } from '../../layers/replica-batch.js';
import { ReplicatedStep } from '../../trace/replicated-step.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

import { runAccumulatedStep } from './accumulated-step.js';
import { batchParts, CollectiveSignatures, type IdleBody, sampleParts, type ShareBody } from './batch-parts.js';
import { EagerFallback } from './eager-fallback.js';
import { HostStateKeys } from './host-state-keys.js';
import { partsNamingReplica } from './replica-errors.js';
import { stepFeed } from './step-feed.js';
import { TracedStates } from './traced-states.js';
import { createTracingContext } from './tracing-context.js';
import { TrainingStep } from './training-step.js';

type OwnMethods = Pick<DistributableModel, 'makeTrainFunction' | 'makeTestFunction' | 'predictLoop'>;

/** Idle replicas skip this step, so a collective would deadlock. */
const REFUSED_WITH_IDLE_REPLICAS: AllReduce = {
  sum() {
    throw new UntraceableError('allReduce', 'waits for replicas that have no rows');
  },
};

function perKey<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

/** A model that trains through a strategy. */
export interface StrategyModel {
  readonly model: DistributableModel;
  readonly strategy: DistributionStrategy;
  /** Reaches the other processes of the strategy, where there are some. */
  readonly clusterSteps: ClusterSteps | undefined;
  /** Makes steps that another engine runs. By default, TensorFlow runs them. */
  readonly steps?: StepMaker | undefined;
}

/**
 * Makes the functions of a model.
 *
 * @param strategyModel - The model, and the strategy that it trains through.
 * @param eager - Computes the same, replica by replica and operation by operation.
 * @param stepOptions - Called when the first step is recorded.
 * @returns The functions by which it trains, evaluates and predicts.
 */
export function tracedModelFunctions(
  { model, strategy, clusterSteps, steps }: StrategyModel,
  eager: ModelFunctions,
  stepOptions: () => ReplicatedStepOptions,
): ModelFunctions {
  const parts = partsOf(strategy);
  const { runner, topology, execution } = parts;
  const { tf } = runner;
  const own = Object.getPrototypeOf(model) as OwnMethods;
  const keys = new HostStateKeys();
  const fallback = perKey((name) => new EagerFallback(`the ${name} step of "${model.name}"`));
  const shared = perKey(stepOptions);
  const step = perKey((name): TracedStep => steps?.makeStep(name, shared('')) ?? new ReplicatedStep(name, shared('')));
  const trainingStep = perKey(() => new TrainingStep(tf, model, own.makeTrainFunction));
  const signaturesOf = perKey(() => new CollectiveSignatures(tf));

  /**
   * Runs one traced step on a batch.
   *
   * @param name - `train`, `test` or `predict`.
   * @param stateKey - Names the host state that the recording depends on.
   * @param data - The global batch.
   * @param body - The code of a replica with rows.
   * @param onIdleReplica - What an idle replica does with the sums of the last all-reduce. If omitted, the step has no
   *   collectives.
   * @returns The results of each replica.
   */
  const runStep = (
    name: string,
    stateKey: string,
    data: BatchData,
    body: ShareBody,
    onIdleReplica?: (sums: Tensor[]) => readonly Tensor[],
  ): Tensor[][] => {
    const rows = stepRows(data);
    const states = new TracedStates(parts, model);
    const signatures = signaturesOf(`${name}|${stateKey}`);
    const inContext: ShareBody = (recording) => {
      const { participants } = recording.share;
      const hasIdleReplicas = onIdleReplica === undefined && participants < topology.replicaCount;
      const allReduce = hasIdleReplicas ? REFUSED_WITH_IDLE_REPLICAS : signatures.note(recording.allReduce);
      const context = createTracingContext({ strategy, participants, allReduce });
      return runInReplica(context, () => body({ ...recording, allReduce }));
    };
    const idle: IdleBody | undefined = onIdleReplica && ((allReduce) => onIdleReplica(signatures.sumZeros(allReduce)));
    const participants = topology.localShares(rows).length;
    if (participants === 0) {
      // All rows are those of other processes. Only a step with collectives concerns this one.
      if (idle === undefined) return [];
      if (!signatures.isKnown)
        step(name).trace(sampleParts(tf, states.appendTo(data, rows), topology, states.wrap(inContext)), stateKey);
    }
    const ofReplicas = batchParts(tf, states.appendTo(data, rows), topology, states.wrap(inContext), idle);
    const results = step(name).run(partsNamingReplica(topology, ofReplicas), stateKey);
    return states.commit(results, participants);
  };

  /** The processes of a strategy begin with the chief's weights. */
  const agree = (): void => {
    clusterSteps?.agree(model.weights.map((weight) => weight.read()));
  };

  const train: TrainFunction = (data) => {
    agree();
    const stateKey = keys.trainingKey(model);
    const training = trainingStep(stateKey);
    const body: ShareBody = (recording) =>
      topology.isReplicated ? training.run(recording) : own.makeTrainFunction.call(model)(recording.rows);
    const rows = stepRows(data);
    const { gradientAccumulationSteps = 1 } = execution;
    const count = microBatchCount(rows, topology.participants(rows), gradientAccumulationSteps);
    const accumulated = (): Scalar[] =>
      runAccumulatedStep({ strategy, model, training, step: step('train'), stateKey, count }, data);
    const traced = (): Scalar[] =>
      tf.tidy(() =>
        count > 1
          ? accumulated()
          : (runStep('train', stateKey, data, body, (sums) => training.apply(sums))[0] as Scalar[]),
      );
    return fallback('train').run(stateKey, traced, () => eager.train(data));
  };

  const test: TestFunction = (data) => {
    agree();
    const stateKey = keys.testKey(model);
    const body: ShareBody = ({ share: { weight }, rows, allReduce }) => {
      // On a view, since the method replaces the model's own test function.
      const view = Object.create(model) as DistributableModel;
      own.makeTestFunction.call(view);
      const values = view.testFunction(rows);
      return !topology.isReplicated ? values : allReduce.sum(values.map((value) => tf.mul(value, weight)));
    };
    const traced = (): Scalar[] => tf.tidy(() => runStep('test', stateKey, data, body, (sums) => sums)[0] as Scalar[]);
    return fallback('test').run(stateKey, traced, () => eager.test(data));
  };

  const predictBatch = (inputs: Tensor[], stateKey: string): Tensor[] => {
    const body: ShareBody = ({ share: { size }, rows }) => [own.predictLoop.call(model, rows as Tensor[], size)].flat();
    const results = runStep('predict', stateKey, inputs, body);
    // One for each output of the model, also where this process has no rows.
    return model.outputs.map((_, index) =>
      runner.gather(
        parts,
        results.flatMap((outputs) => outputs[index] ?? []),
        0,
      ),
    );
  };

  const predict: PredictFunction = (inputs, batchSize = 32, verbose) => {
    agree();
    const stateKey = keys.predictKey(model);
    return fallback('predict').run(
      stateKey,
      () => predictInBatches(tf, inputs, batchSize, (batch) => predictBatch(batch, stateKey)),
      () => eager.predict(inputs, batchSize, verbose),
    );
  };

  const counter: StepCounter = {
    get steps() {
      return step('train').steps;
    },
    set steps(count: number) {
      step('train').steps = count;
    },
  };
  const ownFeed = stepFeed(topology, () => shared(''), clusterSteps?.shuffle);
  const feed = steps?.feed(() => shared(''), ownFeed) ?? ownFeed;
  return { train, test, predict, feed, counters: [counter, ...eager.counters] };
}
