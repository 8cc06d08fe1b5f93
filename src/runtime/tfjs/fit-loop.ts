/**
 * The private loop under `fit`, and its arguments. Pure.
 * Relies on tfjs-layers 4.22, engine/training.ts: `fitLoop(f, ins, outLabels, batchSize, epochs, verbose, callbacks,
 * valF, valIns, shuffle, …)` reads `ins[0].shape[0]`, and takes the rows of a batch with `sliceArraysByIndices`
 * (engine/training_tensors.ts), which finds nothing to take in an empty list.
 */
import type { TrainFunction } from './layers-model.js';
import type { Tensor } from '@tensorflow/tfjs';

/** `LayersModel.fitLoop`. */
export type FitLoop = (step: TrainFunction, inputs: Tensor[], ...rest: unknown[]) => Promise<unknown>;

/** Those arguments of a {@link FitLoop} that a feed changes, or that processes compare. */
export interface FitLoopArguments {
  readonly batchSize: unknown;
  readonly epochs: unknown;
  readonly callbacks: unknown;
  readonly validationInputs: unknown;
  readonly shuffle: unknown;
  readonly initialEpoch: unknown;
}

/** Positions after the first two arguments. */
const BATCH_SIZE = 1;
const EPOCHS = 2;
const CALLBACKS = 4;
const VALIDATION_INPUTS = 6;
const SHUFFLE = 7;
const INITIAL_EPOCH = 9;

/**
 * Picks arguments of a {@link FitLoop}.
 *
 * @param rest - What follows the first two arguments.
 * @returns The arguments by name; nothing is checked.
 */
export function fitLoopArguments(rest: readonly unknown[]): FitLoopArguments {
  return {
    batchSize: rest[BATCH_SIZE],
    epochs: rest[EPOCHS],
    callbacks: rest[CALLBACKS],
    validationInputs: rest[VALIDATION_INPUTS],
    shuffle: rest[SHUFFLE],
    initialEpoch: rest[INITIAL_EPOCH],
  };
}

/**
 * Replaces arguments of a {@link FitLoop}.
 *
 * @param rest - What follows the first two arguments.
 * @param changes - The new callbacks, shuffle mode and first epoch.
 * @returns The changed copy.
 */
export function withFitLoopArguments(
  rest: readonly unknown[],
  changes: Pick<FitLoopArguments, 'callbacks' | 'shuffle' | 'initialEpoch'>,
): unknown[] {
  const changed = [...rest];
  changed[CALLBACKS] = changes.callbacks;
  changed[SHUFFLE] = changes.shuffle;
  changed[INITIAL_EPOCH] = changes.initialEpoch;
  return changed;
}

/**
 * Makes inputs for a loop over batches without tensors: the loop learns the number of rows and slices nothing.
 *
 * @param rows - The number of rows of the true data.
 * @returns What to pass to a {@link FitLoop} as its inputs.
 */
export function placeholderData(rows: number): Tensor[] {
  return [Object.assign([], { shape: [rows] }) as unknown as Tensor];
}
