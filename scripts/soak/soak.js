/**
 * `npm run soak [-- --minutes 10] [--allowed-growth-mb 40]`: mixed ops, errors, strings, asynchronous reads and
 * untraced training. Fails when memory, tensors or handles grow. Needs dist/ and TensorFlow.
 */
import { parseArgs } from 'node:util';

import * as tf from '@tensorflow/tfjs';

import { session, useBackend } from '../../dist/runtime/backend/index.js';

import { MemorySamples, sampleMemory } from './memory-samples.js';
import { compiledClassifier, trainingData } from './soak-model.js';

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, 'allowed-growth-mb': { type: 'string', default: '40' } },
});
/** The last batch of handles may still wait for its finalizers. */
const ALLOWED_HANDLES = 64;
useBackend();
// Suppresses tfjs's advice to use another package.
console.warn = () => undefined;

const model = compiledClassifier();
const { features, labels } = trainingData(64);
const counts = { ops: 0, steps: 0, errors: 0, strings: 0, reads: 0 };

function runMixedOps() {
  const before = session.executor.executedOps;
  tf.tidy(() => {
    const size = 1 + Math.floor(Math.random() * 40);
    const a = tf.randomUniform([size, size]);
    const b = a.matMul(a, false, true).add(1).log().softmax();
    tf.topk(b.concat(a, 1).slice([0, 0], [size, size]).transpose().reshape([-1]), 1);
    tf.spectral.fft(tf.complex(a, b));
    const image = a.reshape([size, size, 1]);
    tf.image
      .resizeBilinear(/** @type {tf.Tensor3D} */ (image), [8, 8])
      .sum()
      .dataSync();
  });
  counts.ops += session.executor.executedOps - before;
}

function runFailingOp() {
  tf.tidy(() => {
    try {
      tf.gather(tf.tensor1d([1, 2, 3]), tf.tensor1d([7], 'int32')).dataSync();
    } catch {
      counts.errors++;
    }
  });
}

function splitStrings() {
  tf.tidy(() => {
    const texts = ['a sentence that is longer than what fits into a small string', 'b'];
    tf.string.stringSplit(texts, ' ').values?.dataSync();
    counts.strings++;
  });
}

async function readDisposedTensor() {
  const x = tf.fill([512, 512], counts.reads);
  const reading = x.data();
  x.dispose();
  const values = await reading;
  if (values[0] !== counts.reads) throw new Error('a read gave the wrong value');
  counts.reads++;
}

async function round() {
  for (let index = 0; index < 40; index++) runMixedOps();
  runFailingOp();
  splitStrings();
  await readDisposedTensor();
  await model.fit(features, labels, { epochs: 1, batchSize: 16 });
  counts.steps += 4;
}

const duration = Number(options.minutes) * 60_000;
const warmUp = Math.min(30_000, duration / 3);
const start = performance.now();
while (performance.now() - start < warmUp) await round();
const samples = new MemorySamples(await sampleMemory());
let next = performance.now() + duration / 20;
while (performance.now() - start < duration) {
  await round();
  if (performance.now() < next) continue;
  samples.add(await sampleMemory());
  next += duration / 20;
}
samples.add(await sampleMemory());

const minutes = (performance.now() - start) / 60_000;
console.log(`Soak: ${minutes.toFixed(1)} minutes, TensorFlow ${session.context.version}`);
console.log(
  `  ${counts.ops} ops in mixed formulas, ${counts.steps} training steps, ${counts.reads} asynchronous reads of disposed tensors, ` +
    `${counts.errors} errors, ${counts.strings} string splits; ${session.executor.executedOps} ops in total`,
);
console.log(`  ${samples.describeProcess()}`);
console.log(`  ${samples.describeCounts()}`);
const { first, last } = samples;
const isFlat =
  samples.growth < Number(options['allowed-growth-mb']) &&
  last.tensors === first.tensors &&
  Math.abs(last.handles - first.handles) <= ALLOWED_HANDLES;
console.log(isFlat ? '  flat' : '  NOT flat');
process.exitCode = isFlat ? 0 : 1;
