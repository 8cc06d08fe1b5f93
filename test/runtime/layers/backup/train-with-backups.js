/**
 * Trains a small model with backups in the folder `backup` of the working directory, and prints a hash of the final
 * weights. Arguments: JSON of {@link Options}. Runs the built modules.
 */
import { createHash } from 'node:crypto';
import process from 'node:process';

import * as tf from '@tensorflow/tfjs';

import { backupAndRestore, MirroredStrategy, MultiWorkerMirroredStrategy } from '../../../../dist/runtime/index.js';

/**
 * @typedef {object} Options What to train.
 * @property {'one' | 'two' | 'workers'} [devices] - Where.
 * @property {'fit' | 'dataset' | 'endless'} [data] - `endless`: a repeated dataset with `batchesPerEpoch`.
 * @property {'epoch' | number} [saveFreq] - When to save.
 * @property {string} [optimizer] - The optimizer.
 * @property {number} [units] - The size of the model.
 * @property {'dropout' | 'recurrent'} [layer] - Add dropout on the logical engine, too, or train a stateful LSTM.
 * @property {number} [killAfter] - Kill the process with SIGKILL after this many of its own steps.
 * @property {number} [killWorker] - Kill this worker only, and in the first start of the job only.
 * @property {boolean} [logs] - Log for TensorBoard, to a folder with the process id in its name.
 * @property {number} [waitMs] - Wait this long after each step.
 */

const {
  devices = 'one',
  data = 'fit',
  saveFreq = 2,
  optimizer = 'adam',
  units = 8,
  layer = undefined,
  waitMs = 0,
  logs = false,
  ...kill
} = /** @type {Options} */ (JSON.parse(process.argv[2] ?? '{}'));
const seed = 5;
const strategy =
  devices === 'workers'
    ? new MultiWorkerMirroredStrategy({ seed })
    : new MirroredStrategy({ devices: devices === 'one' ? 1 : 2, seed });
// Only the tensorflow engine draws masks that can be saved.
const draws = process.env['MIRRORSCOPE_ENGINE'] !== 'logical' || layer === 'dropout';
const isRecurrent = layer === 'recurrent';

const model = strategy.scope(() => {
  const initializer = (/** @type {number} */ own) =>
    tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: own });
  const lstm = {
    units,
    stateful: true,
    batchInputShape: /** @type {[number, number, number]} */ ([20, 2, 2]),
    kernelInitializer: initializer(3),
    recurrentInitializer: initializer(5),
  };
  const layers = [
    isRecurrent
      ? tf.layers.lstm(lstm)
      : tf.layers.dense({ units, activation: 'relu', inputShape: [4], kernelInitializer: initializer(3) }),
    tf.layers.batchNormalization(),
    ...(draws ? [tf.layers.dropout({ rate: 0.3 })] : []),
    tf.layers.dense({ units: 1, kernelInitializer: initializer(4) }),
  ];
  const made = tf.sequential({ layers });
  made.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mae'] });
  return made;
});

const flat = tf.randomNormal([isRecurrent ? 80 : 90, 4], 0, 1, 'float32', 7);
const x = isRecurrent ? flat.reshape([80, 2, 2]) : flat;
const y = flat.sum(1, true);
let steps = 0;
/** @type {unknown[]} */
let lastLogs = [];
const callbacks = [
  new tf.CustomCallback({
    onBatchEnd: async () => {
      steps++;
      console.log(`step ${steps}`);
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      const isVictim =
        kill.killWorker === undefined ||
        (JSON.parse(process.env['TF_CONFIG'] ?? '').task.index === kill.killWorker &&
          process.env['MIRRORSCOPE_RESTART_COUNT'] === '0');
      if (isVictim && steps === kill.killAfter) process.kill(process.pid, 'SIGKILL');
    },
    onEpochEnd: async (epoch, logs) => {
      lastLogs = [epoch, logs?.loss, logs?.['mae'], logs?.['val_loss']];
    },
  }),
  backupAndRestore({ backupDir: 'backup', saveFreq }),
];
if (logs) {
  const { tensorBoard } = await import('../../../../dist/runtime/node/tensor-board-callback.js');
  callbacks.push(tensorBoard(`logs-${process.pid}`));
}
if (data === 'fit') {
  const validationSplit = isRecurrent ? 0 : 0.1;
  await model.fit(x, y, { epochs: 4, batchSize: 20, validationSplit, verbose: 0, callbacks });
} else {
  const rows = tf.data.zip({
    xs: tf.data.array(/** @type {number[][]} */ (await x.array())),
    ys: tf.data.array(/** @type {number[][]} */ (await y.array())),
  });
  const batches = rows.shuffle(90, 'seed').batch(20);
  if (data === 'dataset') await model.fitDataset(batches, { epochs: 4, verbose: 0, callbacks });
  else await model.fitDataset(batches.repeat(), { epochs: 4, batchesPerEpoch: 4, verbose: 0, callbacks });
}
const hash = createHash('sha256');
for (const weight of model.getWeights()) hash.update(Buffer.from((await weight.data()).buffer));
console.log(`RESULT ${hash.digest('hex').slice(0, 16)} ${JSON.stringify(lastLogs)}`);
