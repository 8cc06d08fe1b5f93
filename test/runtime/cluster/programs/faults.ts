/**
 * Trains with backups until a fault. The process that has the fault writes when it began; the others write the error
 * that they got, when it came, and their weights, which must be those of a whole step.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';

import * as tf from '@tensorflow/tfjs';

import {
  backupAndRestore,
  getReplicaContext,
  MirrorscopeError,
  ReduceOp,
  tfFunction,
} from '../../../../src/runtime/index.js';
import { SILENT } from '../../support/silent.js';
import { type Fault, FAULT_TIMEOUTS, type FaultMoment, TRAINING } from '../support/fault-table.js';
import { makeStrategy, writeResult } from '../support/worker-process.js';

/** What a process reports. */
export interface FaultReport {
  /** `NONE` when training ended. */
  readonly code: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** The weights at the end, and a hash of their bits. */
  readonly weights: readonly number[];
  readonly hash: string;
  /** The hash of the first weights. */
  readonly start: string;
  /** The hash of the weights after each step of this process. */
  readonly hashes: readonly string[];
}

const fault = JSON.parse(process.env['FAULT'] ?? '{}') as { -readonly [Key in keyof Fault]?: Fault[Key] | undefined };
const { BEGAN_FILE = '', BACKUP_DIR = '', SAVE_FREQ = '4', DELETES_BACKUPS } = process.env;
const MID_EPOCH_STEP = 7;
const KILLED: ReadonlySet<unknown> = new Set(['kill', 'truncated backup', 'restarts']);
const hashes: string[] = [];
let start = '';

function report(error: unknown, weights: readonly number[] = []): void {
  const { code, message } = error instanceof MirrorscopeError ? error : { code: 'OTHER', message: String(error) };
  writeResult({
    code,
    message,
    endedAt: Date.now(),
    weights,
    hash: hashOf(weights),
    start,
    hashes,
  } satisfies FaultReport);
}

function hashOf(weights: readonly number[]): string {
  return createHash('sha256')
    .update(Buffer.from(Float32Array.from(weights).buffer))
    .digest('hex')
    .slice(0, 16);
}

/** Begins the fault of this process, if this is its moment. */
function begin(moment: FaultMoment): void {
  if (fault.at !== moment) return;
  writeFileSync(BEGAN_FILE, String(Date.now()));
  if (KILLED.has(fault.kind)) process.kill(process.pid, 'SIGKILL');
  if (fault.kind === 'stop') process.kill(process.pid, 'SIGSTOP');
  if (fault.kind === 'exit') process.exit(9);
}

/** Alive, but it comes to the next step too late. */
async function stayAway(moment: FaultMoment): Promise<void> {
  if (fault.at !== moment || fault.kind !== 'absent') return;
  fault.at = undefined;
  await new Promise((resolve) => setTimeout(resolve, 1000 * (fault.awaySeconds ?? 0)));
}

/** A backup is complete when its file has been forced to the disk and renamed. */
async function dieWhileSaving(): Promise<void> {
  const handle = await open(process.execPath);
  const prototype = Object.getPrototypeOf(handle) as { sync: () => Promise<void> };
  await handle.close();
  const { sync } = prototype;
  let count = 0;
  prototype.sync = function (this: unknown) {
    // A file and its folder for each backup. The third one is not finished.
    if (++count === 5) begin('backup');
    return sync.call(this as never);
  };
}

try {
  begin('start');
  if (fault.at === 'backup') await dieWhileSaving();
  const strategy = makeStrategy({
    heartbeatTimeoutSeconds: FAULT_TIMEOUTS.heartbeat,
    startTimeoutSeconds: FAULT_TIMEOUTS.start,
    communicationOptions: { timeoutSeconds: FAULT_TIMEOUTS.collective },
    seed: 1,
  });
  begin('strategy');
  const operation = fault.kind === 'merge operation' ? ReduceOp.MEAN : ReduceOp.SUM;
  const combine = tfFunction((value: tf.Tensor) => getReplicaContext()?.allReduce(operation, value));
  begin('custom loop');
  strategy.run(combine, [tf.ones([3])]);
  const units = fault.kind === 'shape' ? 17 : 16;
  const loss = (label: tf.Tensor, prediction: tf.Tensor): tf.Tensor => {
    begin('first step');
    return tf.losses.meanSquaredError(label, prediction);
  };
  const model = strategy.scope(() => {
    const made = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 10, outputDim: 4, inputLength: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units, activation: 'relu', kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }) }),
        tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotNormal({ seed: 4 }) }),
      ],
    });
    const rate = fault.kind === 'learning rate' ? 0.02 : 0.01;
    made.compile({ optimizer: fault.kind === 'optimizer' ? tf.train.sgd(rate) : tf.train.adam(rate), loss });
    made.layers[0]?.setWeights([tf.linspace(-1, 1, 40).reshape([10, 4])]);
    return made;
  });
  const weights = (): number[] => model.getWeights().flatMap((weight) => [...weight.dataSync()]);
  start = hashOf(weights());
  const rows = fault.kind === 'rows' ? TRAINING.rows - TRAINING.batchSize : TRAINING.rows;
  const epochs = fault.kind === 'epochs' ? TRAINING.epochs - 1 : TRAINING.epochs;
  const x = tf.tensor2d(
    Array.from({ length: rows * 2 }, (_, place) => place % 10),
    [rows, 2],
    'int32',
  );
  const y = tf.linspace(0, 1, rows).reshape([rows, 1]);
  const batchSize = fault.kind === 'batch size' ? 8 : TRAINING.batchSize;
  begin('fit');
  const saved = { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const } };
  const onBatchEnd = async (): Promise<void> => {
    hashes.push(hashOf(weights()));
    // In the second epoch, when there are backups.
    if (hashes.length === MID_EPOCH_STEP) {
      begin('mid-epoch');
      await stayAway('mid-epoch');
    }
    if (hashes.length === 1) begin('second step');
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const onEpochEnd = async (epoch: number): Promise<void> => {
    if (epoch !== 1) return;
    begin('between epochs');
    await model.save(
      tf.io.withSaveHandler(() => {
        begin('checkpoint');
        return Promise.resolve(saved);
      }),
    );
  };
  const saveFreq = Number(SAVE_FREQ);
  const onTrainEnd = (): void => {
    begin('end');
  };
  const deleteCheckpoint = DELETES_BACKUPS === 'true';
  const backups = backupAndRestore({ backupDir: BACKUP_DIR, saveFreq, deleteCheckpoint });
  const callbacks = [new tf.CustomCallback({ onBatchEnd, onEpochEnd, onTrainEnd }), backups];
  try {
    await model.fit(x, y, { batchSize, epochs, verbose: SILENT, callbacks });
    report(new MirrorscopeError('NONE' as never, 'the fit ended'), weights());
    // All have read the results of the last step: nobody misses this process.
    process.exit(0);
  } catch (error) {
    report(error);
    // Where the disk is full, there is no room for them.
    if (fault.kind !== 'full disk') report(error, weights());
  }
} catch (error) {
  report(error);
}
// Ends although TensorFlow's threads may still wait.
process.exit(3);
