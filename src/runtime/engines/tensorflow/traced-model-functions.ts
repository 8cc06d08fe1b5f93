/**
 * How a model trains, evaluates and predicts by traced steps. The model's own TensorFlow.js functions are what is recorded; a
 * step that cannot be recorded runs eagerly, with the same result and one warning.
 */
import type { Strategy } from '../../distribute/strategy.js';
import type { ModelFunctions } from '../../layers/model-functions.js';
import type {
  BatchData,
  DistributableModel,
  PredictFunction,
  TestFunction,
  TrainFunction,
} from '../../tfjs/layers-model.js';
import type { AllReduce } from '../../trace/recorded-all-reduce.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs';

import { microBatchCount } from '../../layers/micro-batches.js';
import { sliceBatch, stepRows } from '../../layers/replica-batch.js';
import { ReplicatedStep, type ReplicatedStepOptions } from '../../trace/replicated-step.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

import { runAccumulatedStep } from './accumulated-step.js';
import { batchParts, type IdleBody, Meetings, type ShareBody } from './batch-parts.js';
import { EagerFallback } from './eager-fallback.js';
import { HostStateKeys } from './host-state-keys.js';
import { stepFeed } from './step-feed.js';
import { inTracedReplica, partsOfReplicas } from './traced-replica.js';
import { TracedStates } from './traced-states.js';
import { TrainingStep } from './training-step.js';

type OwnMethods = Pick<DistributableModel, 'makeTrainFunction' | 'makeTestFunction' | 'predictLoop'>;

/** For steps in which replicas without rows take no part: whoever waited for them would wait for ever. */
const WITHOUT_ALL: AllReduce = {
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

/**
 * The three functions of `model`.
 *
 * @param eager - Does the same, replica by replica and operation by operation.
 * @param stepOptions - Asked when the first step is recorded.
 */
export function tracedModelFunctions(
  model: DistributableModel,
  strategy: Strategy,
  eager: ModelFunctions,
  stepOptions: () => ReplicatedStepOptions,
): ModelFunctions {
  const { tf } = strategy.engine;
  const own = Object.getPrototypeOf(model) as OwnMethods;
  const replicas = strategy.numReplicasInSync;
  const keys = new HostStateKeys();
  const fallback = perKey((name) => new EagerFallback(`the ${name} step of "${model.name}"`));
  const shared = perKey(stepOptions);
  const step = perKey((name) => new ReplicatedStep(name, shared('')));
  const trainingStep = perKey(() => new TrainingStep(tf, model, own.makeTrainFunction));
  const meetingsOf = perKey(() => new Meetings(tf));

  /**
   * Runs one traced step on a batch.
   *
   * @param conclude - What a replica without rows does with the sums of the last meeting. Absent: the step has no meeting to wait for.
   * @returns What each replica returned.
   */
  const runStep = (
    name: string,
    stateKey: string,
    data: BatchData,
    body: ShareBody,
    conclude?: (sums: Tensor[]) => readonly Tensor[],
  ): Tensor[][] => {
    const rows = stepRows(data);
    const states = new TracedStates(tf, model);
    const meetings = meetingsOf(`${name}|${stateKey}`);
    const inContext: ShareBody = (share, local, given, own) => {
      const { participants } = share;
      const allReduce = conclude === undefined && participants < replicas ? WITHOUT_ALL : meetings.note(given);
      return inTracedReplica({ strategy, participants, allReduce }, () => body(share, local, allReduce, own));
    };
    const idle: IdleBody | undefined = conclude && ((allReduce) => conclude(meetings.attendWithZeros(allReduce)));
    const parts = batchParts(tf, states.appendTo(data, rows), replicas, states.wrap(inContext), idle);
    return states.commit(step(name).run(partsOfReplicas(strategy, parts), stateKey), Math.min(rows, replicas));
  };

  const train: TrainFunction = (data) => {
    const stateKey = keys.trainingKey(model);
    const training = trainingStep(stateKey);
    const body: ShareBody = (share, local, allReduce) =>
      replicas === 1 ? own.makeTrainFunction.call(model)(local) : training.run(share, local, allReduce, []);
    const count = microBatchCount(stepRows(data), replicas, strategy.execution.gradientAccumulationSteps ?? 1);
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
    const stateKey = keys.testKey(model);
    const body: ShareBody = ({ weight }, local, allReduce) => {
      // Made on a view: it would replace the model's own test function.
      const view = Object.create(model) as DistributableModel;
      own.makeTestFunction.call(view);
      const values = view.testFunction(local);
      return replicas === 1 ? values : allReduce.sum(values.map((value) => tf.mul(value, weight)));
    };
    const traced = (): Scalar[] => tf.tidy(() => runStep('test', stateKey, data, body, (sums) => sums)[0] as Scalar[]);
    return fallback('test').run(stateKey, traced, () => eager.test(data));
  };

  const predictBatch = (inputs: Tensor[], stateKey: string): Tensor[] => {
    const body: ShareBody = ({ size }, local) => [own.predictLoop.call(model, local as Tensor[], size)].flat();
    const [first = [], ...others] = runStep('predict', stateKey, inputs, body);
    return others.length === 0
      ? first
      : first.map((output, index) => tf.concat([output, ...others.map((outputs) => outputs[index] as Tensor)]));
  };

  const predict: PredictFunction = (inputs, batchSize = 32, verbose) => {
    const stateKey = keys.predictKey(model);
    const traced = (): Tensor | Tensor[] =>
      tf.tidy(() => {
        const list = [inputs].flat();
        const rows = stepRows(list);
        const batches: Tensor[][] = [];
        for (let start = 0; start < rows; start += batchSize) {
          const range = { start, size: Math.min(batchSize, rows - start) };
          batches.push(predictBatch(rows <= batchSize ? list : sliceBatch(tf, list, range), stateKey));
        }
        const [first = [], ...others] = batches;
        const outputs = first.map((output, index) =>
          others.length === 0 ? output : tf.concat([output, ...others.map((batch) => batch[index] as Tensor)]),
        );
        return outputs.length === 1 ? (outputs[0] as Tensor) : outputs;
      });
    return fallback('predict').run(stateKey, traced, () => eager.predict(inputs, batchSize, verbose));
  };

  return { train, test, predict, feed: stepFeed(() => shared('')) };
}
