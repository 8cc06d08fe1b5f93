/**
 * `npm run soak:training [-- --steps 10000] [--replicas 2] [--allowed-growth-mb 40]`: traced training steps under a
 * strategy, half by fit and half by trainOnBatch, with some evaluations and predictions between them. Fails when
 * memory, tensors or handles grow, or when a step falls back to eager execution. Needs dist/ and TensorFlow.
 */
import { parseArgs } from 'node:util';

import * as tf from '@tensorflow/tfjs';

import { session } from '../../dist/runtime/backend/index.js';
import { MirroredStrategy } from '../../dist/runtime/index.js';

import { MemorySamples, sampleMemory } from './memory-samples.js';
import { compiledClassifier, trainingData } from './soak-model.js';

/** @import { MemorySample } from './memory-samples.js' */

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    replicas: { type: 'string', default: '2' },
    'allowed-growth-mb': { type: 'string', default: '40' },
  },
});
const STEPS_PER_ROUND = 20;
const BATCH = 16;
const ALLOWED_HANDLES = 8;
const strategy = new MirroredStrategy({ devices: Number(options.replicas), engine: 'tensorflow', seed: 1 });
/** @type {Set<string>} */
const warnings = new Set();
console.warn = (/** @type {unknown} */ text) => void warnings.add(String(text));

const model = strategy.scope(compiledClassifier);
// The last batch of an epoch is ragged, so that there are two signatures, one of them with replicas of different sizes.
const { features, labels } = trainingData(BATCH * (STEPS_PER_ROUND / 2 - 1) + 5);
const batch = { features: features.slice([0], [BATCH]), labels: labels.slice([0], [BATCH]) };

/** @param {number} index - Number of the round. */
async function round(index) {
  await model.fit(features, labels, { epochs: 1, batchSize: BATCH });
  for (let step = 0; step < STEPS_PER_ROUND / 2; step++) await model.trainOnBatch(batch.features, batch.labels);
  if (index % 10 !== 0) return;
  tf.dispose(model.evaluate(features, labels, { batchSize: BATCH }));
  tf.dispose(model.predict(features, { batchSize: BATCH }));
}

const rounds = Math.ceil(Number(options.steps) / STEPS_PER_ROUND);
const warmUp = Math.max(2, Math.ceil(rounds / 20));
const start = performance.now();
let done = 0;
for (; done < warmUp; done++) await round(done);
const samples = new MemorySamples(await sampleMemory());
for (; done < rounds; done++) {
  await round(done);
  if (done % Math.ceil(rounds / 20) === 0) samples.add(await sampleMemory());
}
samples.add(await sampleMemory());

const { first, last, all } = samples;
/** @param {keyof MemorySample} count - What to compare. */
const isConstant = (count) => all.every((sample) => sample[count] === first[count]);
const minutes = (performance.now() - start) / 60_000;
console.log(
  `Training soak: ${rounds * STEPS_PER_ROUND} traced steps on ${strategy.numReplicasInSync} replicas in ${minutes.toFixed(1)} minutes, ` +
    `TensorFlow ${session.context.version}`,
);
console.log(`  ${samples.describeProcess()}`);
const isAlike = isConstant('handles') && isConstant('tensors');
console.log(`  ${samples.describeCounts()}; the same in all ${all.length} samples: ${isAlike ? 'yes' : 'no'}`);
for (const warning of warnings) console.log(`  warning: ${warning.split('\n')[0] ?? ''}`);
const isEager = [...warnings].some((text) => text.includes('runs eagerly'));
const isFlat =
  samples.growth < Number(options['allowed-growth-mb']) &&
  isConstant('tensors') &&
  Math.abs(last.handles - first.handles) <= ALLOWED_HANDLES &&
  !isEager;
console.log(isFlat ? '  flat' : '  NOT flat');
process.exitCode = isFlat ? 0 : 1;
