/**
 * How a model trains, evaluates and predicts by traced steps. The model's own TensorFlow.js functions are what is recorded; a step
 * that cannot be recorded runs eagerly, with the same result and one warning.
 */
import { type Optimizer, type Scalar, type Tensor, type Variable } from '@tensorflow/tfjs';

import { splitRows } from '../../distribute/split-batch.js';
import { type Strategy } from '../../distribute/strategy.js';
import { applyGradients, localStep } from '../../layers/gradients.js';
import { allLayers } from '../../layers/layer-walk.js';
import { type BatchData, type DistributableModel, type ModelFunctions, type TestFunction, type TrainFunction } from '../../layers/model-functions.js';
import { statefulLayers } from '../../layers/recurrent-states.js';
import { batchRows, sliceBatch } from '../../layers/replica-batch.js';
import { type AllReduce } from '../../trace/recorded-all-reduce.js';
import { ReplicatedStep, type ReplicaPart, type ReplicatedStepOptions } from '../../trace/replicated-step.js';
import { UntraceableError } from '../../trace/untraceable-error.js';
import { type TensorFlowJs } from '../../tfjs.js';
import { HostStateKeys } from './host-state-keys.js';

/** One replica's rows and share, with the batch's missing entries (no sample weights) taken out and put back. */
interface Share {
  readonly size: number;
  readonly weight: number;
  /** How many replicas have rows. */
  readonly participants: number;
}

/** What a replica without rows must know to contribute zeros: the shapes that the others reduce. */
interface ReducedShapes {
  readonly shapes: readonly (readonly number[])[];
}

interface EngineState {
  readonly registeredVariables: Record<string, Variable>;
}

function present(data: BatchData): Tensor[] {
  return data.filter((tensor): tensor is Tensor => tensor !== null && tensor !== undefined);
}

/** Puts tensors back into the places that {@link present} took them from. */
function restorePlaces(data: BatchData, tensors: readonly Tensor[]): BatchData {
  let next = 0;
  return data.map((tensor) => (tensor === null || tensor === undefined ? tensor : tensors[next++]));
}

/** Variables that `body` writes, floating-point ones only: moving averages and the like. */
function writtenVariables(tf: TensorFlowJs, body: () => void): Variable[] {
  const variables = (): Variable[] => Object.values((tf.engine() as unknown as EngineState).registeredVariables);
  const before = new Map(variables().map((variable) => [variable, variable.dataId]));
  body();
  return variables().filter((variable) => variable.dtype === 'float32' && before.has(variable) && before.get(variable) !== variable.dataId);
}

/** The traced functions of one model. */
export function tracedModelFunctions(
  model: DistributableModel,
  strategy: Strategy,
  eager: ModelFunctions,
  stepOptions: () => ReplicatedStepOptions,
): ModelFunctions {
  const { tf } = strategy.engine;
  const own = Object.getPrototypeOf(model) as Pick<DistributableModel, 'makeTrainFunction' | 'makeTestFunction' | 'predictLoop'>;
  const replicas = strategy.numReplicasInSync;
  const keys = new HostStateKeys();
  const untraceable = new Set<string>();
  const reducedShapes = new Map<string, ReducedShapes>();
  const steps = new Map<string, ReplicatedStep>();
  let options: ReplicatedStepOptions | undefined;

  const step = (name: string): ReplicatedStep => {
    const known = steps.get(name) ?? new ReplicatedStep(name, (options ??= stepOptions()));
    steps.set(name, known);
    return known;
  };

  /** Runs a traced step, or what stands for it where it cannot be traced. */
  const attempt = <Result>(name: string, stateKey: string, traced: () => Result, otherwise: () => Result): Result => {
    const key = `${name}|${stateKey}`;
    if (untraceable.has(key) || statefulLayers(allLayers(model)).length > 0) return otherwise();
    try {
      return traced();
    } catch (error) {
      if (!(error instanceof UntraceableError)) throw error;
      untraceable.add(key);
      console.warn(
        `mirrorscope: the ${name} step of "${model.name}" runs eagerly, operation by operation: ${error.message}. ` +
          `The results are the same; a step without it would be faster.\n${error.stack ?? ''}`,
      );
      return otherwise();
    }
  };

  const parts = (data: BatchData, stateKey: string, body: (share: Share, local: BatchData, allReduce: AllReduce) => readonly Tensor[]): ReplicaPart[] => {
    const rows = batchRows(data);
    const ranges = splitRows(rows, replicas);
    const participants = ranges.filter(({ size }) => size > 0).length;
    const pattern = data.map((tensor) => (tensor === null || tensor === undefined ? '-' : '+')).join('');
    return ranges.map((range) => {
      const share: Share = { size: range.size, weight: range.size / rows, participants };
      const local = replicas === 1 ? data : sliceBatch(tf, data, range);
      const key = `${pattern}${share.size}/${rows}`;
      return {
        key,
        data: range.size === 0 ? [] : present(local),
        body: (tensors, allReduce) => {
          if (range.size > 0) return body(share, restorePlaces(data, tensors), reporting(allReduce, stateKey));
          const { shapes } = reducedShapes.get(stateKey) ?? { shapes: [] };
          return body(share, [], reporting({ sum: () => allReduce.sum(shapes.map((shape) => tf.zeros([...shape]))) }, stateKey, false));
        },
      };
    });
  };

  /** Notes what is reduced, for replicas without rows. */
  const reporting = (allReduce: AllReduce, stateKey: string, note = true): AllReduce =>
    note && replicas > 1
      ? ({
          sum(tensors: readonly Tensor[]) {
            reducedShapes.set(stateKey, { shapes: tensors.map(({ shape }) => shape) });
            return allReduce.sum(tensors);
          },
        })
      : allReduce;

  const ownTrainFunction = (): TrainFunction => own.makeTrainFunction.call(model);
  const trainOnReplica = (share: Share, local: BatchData, allReduce: AllReduce, layout: TrainLayout): Tensor[] => {
    if (share.size > 0) {
      let result: ReturnType<typeof localStep> | undefined;
      const written = writtenVariables(tf, () => {
        result = localStep(tf, model, own.makeTrainFunction, local, share.weight);
      });
      const { loss, gradients, metrics } = result as ReturnType<typeof localStep>;
      layout.variables = Object.keys(gradients);
      layout.written = written;
      layout.metrics = metrics.length;
      const reduced = allReduce.sum([
        loss,
        ...metrics.map((metric) => tf.mul(metric, share.weight)),
        ...written.map((variable) => tf.div(variable, share.participants)),
        ...layout.variables.map((name) => gradients[name] as Tensor),
      ]);
      return finishTraining(reduced, layout);
    }
    return finishTraining(allReduce.sum([]), layout);
  };
  const finishTraining = (reduced: readonly Tensor[], layout: TrainLayout): Tensor[] => {
    const [loss, ...rest] = reduced as [Scalar, ...Tensor[]];
    const metrics = rest.splice(0, layout.metrics) as Scalar[];
    for (const variable of layout.written) variable.assign(rest.shift() as Tensor);
    const gradients = Object.fromEntries(layout.variables.map((name, index) => [name, rest[index] as Tensor]));
    const total = applyGradients(tf, model, [{ loss, gradients, metrics }], ([only]) => only as Tensor);
    return [total, ...metrics];
  };

  const layouts = new Map<string, TrainLayout>();
  const train: TrainFunction = (data) => {
    const optimizer: Optimizer = model.optimizer_;
    const stateKey = keys.trainingKey(model);
    const layout = layouts.get(stateKey) ?? { variables: [], written: [], metrics: 0 };
    layouts.set(stateKey, layout);
    return attempt(
      'train',
      stateKey,
      () =>
        tf.tidy(() => {
          const body = (share: Share, local: BatchData, allReduce: AllReduce): readonly Tensor[] =>
            replicas === 1 ? ownTrainFunction()(local) : trainOnReplica(share, local, allReduce, layout);
          const [first = []] = step('train').run(parts(data, `train ${stateKey}`, body), optimizer, stateKey);
          return first as Scalar[];
        }),
      () => eager.train(data),
    );
  };

  const test: TestFunction = (data) => {
    const stateKey = keys.testKey(model);
    return attempt(
      'test',
      stateKey,
      () =>
        tf.tidy(() => {
          const body = (share: Share, local: BatchData, allReduce: AllReduce): readonly Tensor[] => {
            if (share.size === 0) return allReduce.sum([]);
            const view = Object.create(model) as DistributableModel;
            own.makeTestFunction.call(view);
            const values = view.testFunction(local);
            return replicas === 1 ? values : allReduce.sum(values.map((value) => tf.mul(value, share.weight)));
          };
          const [first = []] = step('test').run(parts(data, `test ${stateKey}`, body), undefined, stateKey);
          return first as Scalar[];
        }),
      () => eager.test(data),
    );
  };

  const predictBatch = (inputs: Tensor[], stateKey: string): Tensor[] => {
    const body = (share: Share, local: BatchData): readonly Tensor[] => [own.predictLoop.call(model, local as Tensor[], share.size)].flat();
    const withRows = parts(inputs, `predict ${stateKey}`, body).filter(({ data }) => data.length > 0);
    const outputs = step('predict').run(withRows, undefined, stateKey);
    const [first = []] = outputs;
    return outputs.length === 1 ? first : first.map((_, index) => tf.concat(outputs.map((list) => list[index] as Tensor)));
  };
  const predict: ModelFunctions['predict'] = (inputs, batchSize = 32, verbose) => {
    const stateKey = keys.predictKey(model);
    return attempt(
      'predict',
      stateKey,
      () =>
        tf.tidy(() => {
          const list = [inputs].flat();
          const rows = batchRows(list);
          const batches: Tensor[][] = [];
          for (let start = 0; start < rows; start += batchSize) {
            const range = { start, size: Math.min(batchSize, rows - start) };
            batches.push(predictBatch(rows <= batchSize ? list : sliceBatch(tf, list, range), stateKey));
          }
          const outputs = (batches[0] ?? []).map((_, output) =>
            batches.length === 1 ? (batches[0]?.[output] as Tensor) : tf.concat(batches.map((batch) => batch[output] as Tensor)),
          );
          return outputs.length === 1 ? (outputs[0] as Tensor) : outputs;
        }),
      () => eager.predict(inputs, batchSize, verbose),
    );
  };

  return { train, test, predict };
}

/** What the replicas of a training step agree on. */
interface TrainLayout {
  variables: string[];
  written: Variable[];
  metrics: number;
}
