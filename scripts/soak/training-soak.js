/**
 * `npm run soak:training [-- --steps 10000 --replicas 2]`: traced training steps through a strategy, half of them by fit, half by
 * trainOnBatch, with an evaluation and a prediction now and then. Tensors and TensorFlow's handles must stay as many as they were, and memory
 * flat. Prints a report; fails when anything grows. Needs dist/ and TensorFlow.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    replicas: { type: 'string', default: '2' },
    'allowed-growth-mb': { type: 'string', default: '40' },
  },
});
const tf = createRequire(import.meta.url)('@tensorflow/tfjs');
const { MirroredStrategy } = await import('../../dist/runtime/index.js');
const { session } = await import('../../dist/runtime/backend/index.js');

const STEPS_A_ROUND = 20;
const BATCH = 16;
const strategy = new MirroredStrategy({ devices: Number(options.replicas), engine: 'tensorflow', seed: 1 });
// A step that falls back to eager execution would not be what is soaked.
const warnings = [];
console.warn = (text) => void warnings.push(String(text));

const model = strategy.scope(() => {
  const built = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 12, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.dense({ units: 5, activation: 'softmax' }),
    ],
  });
  built.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return built;
});
// The last batch of an epoch is ragged: two signatures, one of them with replicas of different sizes.
const rows = BATCH * (STEPS_A_ROUND / 2 - 1) + 5;
const features = tf.randomUniform([rows, 12, 12, 1], 0, 1, 'float32', 1);
const labels = tf.oneHot(tf.randomUniform([rows], 0, 5, 'int32', 2), 5).toFloat();
const batch = [features.slice([0], [BATCH]), labels.slice([0], [BATCH])];

async function round(index) {
  await model.fit(features, labels, { epochs: 1, batchSize: BATCH, verbose: 0 });
  for (let step = 0; step < STEPS_A_ROUND / 2; step++) await model.trainOnBatch(...batch);
  if (index % 10 !== 0) return;
  tf.dispose(model.evaluate(features, labels, { batchSize: BATCH }));
  tf.dispose(model.predict(features, { batchSize: BATCH }));
}

async function sample() {
  // What was dropped is freed by finalizers, which run in later turns of the event loop.
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    rss: process.memoryUsage().rss / 2 ** 20,
    handles: session.context.handles.alive - session.executor.internedConstants,
    tensors: tf.memory().numTensors,
  };
}

const rounds = Math.ceil(Number(options.steps) / STEPS_A_ROUND);
const warmUp = Math.max(2, Math.ceil(rounds / 20));
const start = performance.now();
const samples = [];
let done = 0;
for (; done < warmUp; done++) await round(done);
samples.push(await sample());
for (; done < rounds; done++) {
  await round(done);
  if (done % Math.ceil(rounds / 20) === 0) samples.push(await sample());
}
samples.push(await sample());

const [first, last] = [samples[0], samples.at(-1)];
const half = samples.length >> 1;
const lowest = (list) => Math.min(...list.map(({ rss }) => rss));
const growth = lowest(samples.slice(half)) - lowest(samples.slice(0, half));
const same = (what) => samples.every((each) => each[what] === first[what]);
console.log(
  `Training soak: ${rounds * STEPS_A_ROUND} traced steps on ${strategy.numReplicasInSync} replicas in ${((performance.now() - start) / 60_000).toFixed(1)} minutes, TensorFlow ${session.context.version}`,
);
console.log(
  `  RSS in MB, over time: ${samples.map(({ rss }) => rss.toFixed(0)).join(' ')}; lowest of the second half against the first: ${growth >= 0 ? '+' : ''}${growth.toFixed(1)}`,
);
console.log(
  `  handles (interned constants apart) ${first.handles} → ${last.handles}, tensors ${first.tensors} → ${last.tensors}; alike in all ${samples.length} samples: ${same('handles') && same('tensors') ? 'yes' : 'no'}`,
);
for (const warning of new Set(warnings)) console.log(`  warning: ${warning.split('\n')[0]}`);
const eager = warnings.some((text) => text.includes('runs eagerly'));
const flat =
  growth < Number(options['allowed-growth-mb']) &&
  same('tensors') &&
  Math.abs(last.handles - first.handles) <= 8 &&
  !eager;
console.log(flat ? '  flat' : '  NOT flat');
process.exitCode = flat ? 0 : 1;
