/**
 * Trains while signals arrive at every thread of the process, then prints, as JSON, how many it handled and which
 * threads of TensorFlow do not block them. Ends with 0 if the losses are those of a run without signals. Needs dist/.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

import * as tf from '@tensorflow/tfjs';

import { MirroredStrategy } from '../../dist/runtime/index.js';

const STEPS = 4;
const bit = 1n << BigInt(constants.signals.SIGUSR2 - 1);

/** @returns {Map<string, string>} The status of each thread, by number. */
function threads() {
  return new Map(
    readdirSync('/proc/self/task').map((thread) => [thread, readFileSync(`/proc/self/task/${thread}/status`, 'utf8')]),
  );
}

/** Small matrix products on the main thread while a step is recorded, and on TensorFlow's threads while it runs. */
function buildModel() {
  const built = tf.sequential();
  const seeded = (/** @type {number} */ seed) => tf.initializers.glorotUniform({ seed });
  const recurrent = { units: 48, recurrentInitializer: seeded(1), kernelInitializer: seeded(2) };
  built.add(tf.layers.lstm({ inputShape: [6, 28], returnSequences: true, ...recurrent }));
  built.add(tf.layers.lstm(recurrent));
  built.add(tf.layers.dense({ units: 10, kernelInitializer: seeded(3) }));
  built.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return built;
}

const before = threads();
let signals = 0;
process.on('SIGUSR2', () => signals++);
const aimer = spawn(
  process.execPath,
  [fileURLToPath(new URL('aim-signals.js', import.meta.url)), String(process.pid)],
  {
    stdio: 'ignore',
  },
);
const strategy = new MirroredStrategy({ devices: 2, engine: 'tensorflow' });
/** @type {number[]} */
const losses = [];
for (let model = 0; model < 2; model++) {
  const built = strategy.scope(buildModel);
  for (let step = 0; step < STEPS; step++) {
    losses.push(Number(await built.trainOnBatch(tf.ones([32, 6, 28]), tf.ones([32, 10]))));
  }
}
const unblocked = [...threads()]
  .filter(([thread]) => !before.has(thread))
  .filter(([, status]) => (BigInt(`0x${/SigBlk:\s*(\w+)/.exec(status)?.[1] ?? '0'}`) & bit) === 0n)
  .map(([, status]) => /Name:\s*(.*)/.exec(status)?.[1]);
aimer.kill();
const isSame = losses
  .slice(0, STEPS)
  .every((loss, step) => Math.abs(loss - (losses[STEPS + step] ?? Number.NaN)) < 1e-4);
console.log(JSON.stringify({ signals, unblocked, losses: losses.slice(0, STEPS), isSame }));
process.exit(isSame ? 0 : 1);
