/** What a training run consists of between two steps: to save it, and to go on from it exactly. Touches the model. */
import type { DistributableModel } from '../../tfjs/layers-model.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { StepCounter } from '../model-functions.js';
import type { BackupContent, HostTensor } from './backup-file.js';
import type { DataType, Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { type OptimizerState, optimizerState, restoreOptimizer } from '../../tfjs/optimizer-state.js';
import { type StatefulLayer, statefulLayers } from '../../tfjs/recurrent-layer.js';
import { allLayers } from '../layer-walk.js';
import { stateTensors } from '../recurrent-states.js';

/** A place in a training run. */
export interface TrainingPosition {
  /** The epoch, from 0. */
  readonly epoch: number;
  /** How many batches of the epoch are done. */
  readonly batch: number;
}

/** The header of a backup. */
export interface TrainingHeader extends TrainingPosition {
  /** How many steps the run has taken. */
  readonly step: number;
  readonly shuffleSeed: number;
  /** What must be equal to go on: a position means nothing in other data. */
  readonly run: RunShape;
  /** The numbers of steps from which random masks follow. */
  readonly counters: readonly number[];
  readonly weights: number;
  readonly optimizer: OptimizerState;
  /** How many tensors stateful recurrent layers hold, the last ones of the backup. */
  readonly states?: number;
  /** The seed of the strategy, if the user chose one. */
  readonly seed?: number | undefined;
}

/** The parts of a run that may not change between its starts. Undefined for a dataset, whose size nobody knows. */
export interface RunShape {
  readonly rows?: number | undefined;
  readonly batchSize?: number | undefined;
}

/** What of a run is saved. */
export interface TrainingParts {
  readonly tf: TensorFlowJs;
  readonly model: DistributableModel;
  readonly counters: readonly StepCounter[];
}

/** The results of the batches of the current epoch, one row for each batch. */
export type BatchResults = readonly Float32Array[];

/**
 * Reads the state of a run. Waits for the steps in flight.
 *
 * @param parts - The run.
 * @param header - What the run knows about its position.
 * @param results - The results of the epoch so far.
 * @returns The content of a backup.
 */
export async function captureTraining(
  { model, counters }: TrainingParts,
  header: Omit<TrainingHeader, 'counters' | 'weights' | 'optimizer' | 'states'>,
  results: BatchResults,
): Promise<BackupContent<TrainingHeader>> {
  const weights = model.weights.map((weight) => weight.read());
  const { state, tensors } = optimizerState(model.optimizer_);
  const states = stateTensors(statefulLayers(allLayers(model)));
  const hosts = await Promise.all([...weights, ...tensors, ...states].map(toHost));
  return {
    header: {
      ...header,
      counters: counters.map(({ steps }) => steps),
      weights: weights.length,
      optimizer: state,
      states: states.length,
    },
    tensors: [resultsToHost(results), ...hosts],
  };
}

/**
 * Puts a run into a saved state.
 *
 * @param parts - The run.
 * @param content - The content of a backup.
 * @param run - What must be equal.
 * @returns The results of the epoch so far.
 * @throws {MirrorscopeError} `BACKUP_UNUSABLE` when the backup is of another model, optimizer or amount of data.
 */
export function restoreTraining(
  { tf, model, counters }: TrainingParts,
  { header, tensors }: BackupContent<TrainingHeader>,
  run: RunShape,
): BatchResults {
  const [results, ...rest] = tensors;
  const { states = 0 } = header;
  const hosts = rest.slice(0, rest.length - states);
  const weights = model.weights.map((weight) => weight.read());
  const shapesOf = (list: readonly { shape: readonly number[]; dtype: string }[]): string =>
    list.map(({ shape, dtype }) => `${dtype}[${shape.join(',')}]`).join(' ');
  requireEqual('weights', shapesOf(hosts.slice(0, header.weights)), shapesOf(weights));
  requireEqual('optimizer', header.optimizer.className, model.optimizer_.getClassName());
  requireEqual('number of rows', header.run.rows, run.rows);
  requireEqual('batch size', header.run.batchSize, run.batchSize);
  tf.tidy(() => {
    const values = hosts.map((host) => fromHost(tf, host));
    for (const [index, weight] of weights.entries()) weight.assign(values[index] as Tensor);
    restoreOptimizer(tf, model.optimizer_, header.optimizer, values.slice(weights.length));
  });
  restoreStates(tf, statefulLayers(allLayers(model)), rest.slice(hosts.length));
  for (const [index, counter] of counters.entries()) counter.steps = header.counters[index] ?? 0;
  return resultsFromHost(results);
}

/** A layer without a backup of its states, from an older version, keeps those that it has. */
function restoreStates(tf: TensorFlowJs, layers: readonly StatefulLayer[], states: readonly HostTensor[]): void {
  if (states.length !== stateTensors(layers).length) return;
  const given = [...states];
  for (const layer of layers) {
    const own = given.splice(0, layer.states_.length);
    tf.dispose(layer.states_);
    layer.states_ = own.map((host) => tf.keep(fromHost(tf, host)));
  }
}

function requireEqual(what: string, saved: string | number | undefined, actual: string | number | undefined): void {
  if (saved === actual) return;
  throw new MirrorscopeError(
    ErrorCode.BackupUnusable,
    `The backup is of another training run: its ${what} is ${cut(saved)}, but here it is ${cut(actual)}.`,
  );
}

function cut(value: string | number | undefined): string {
  const text = value === undefined ? 'unknown' : String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

async function toHost(tensor: Tensor): Promise<HostTensor> {
  const values = await tensor.data<'float32' | 'int32'>();
  return { shape: tensor.shape, dtype: tensor.dtype, values };
}

function fromHost(tf: TensorFlowJs, { shape, dtype, values }: HostTensor): Tensor {
  return tf.tensor(values, [...shape], dtype as DataType);
}

function resultsToHost(results: BatchResults): HostTensor {
  const width = results[0]?.length ?? 0;
  const values = new Float32Array(results.length * width);
  for (const [index, row] of results.entries()) values.set(row, index * width);
  return { shape: [results.length, width], dtype: 'float32', values };
}

function resultsFromHost(host: HostTensor | undefined): BatchResults {
  const [count = 0, width = 0] = host?.shape ?? [];
  return Array.from({ length: count }, (_, index) =>
    (host?.values as Float32Array).slice(index * width, (index + 1) * width),
  );
}
