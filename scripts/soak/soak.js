/**
 * `npm run soak [-- --minutes 10]`: mixed ops, errors, strings, asynchronous reads and training for a while; memory and
 * handle count must stay flat. Prints a report; fails when either grows. Needs dist/ and TensorFlow.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'allowed-growth-mb': { type: 'string', default: '40' },
    distribution: { type: 'string', default: '../../dist' },
  },
});
const tf = createRequire(import.meta.url)('@tensorflow/tfjs');
const { useBackend, session } = await import(`${options.distribution}/runtime/backend/index.js`);
useBackend();
const warn = console.warn;
console.warn = () => undefined;

const model = tf.sequential();
model.add(tf.layers.conv2d({ inputShape: [12, 12, 1], filters: 4, kernelSize: 3, activation: 'relu' }));
model.add(tf.layers.batchNormalization());
model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
model.add(tf.layers.flatten());
model.add(tf.layers.dropout({ rate: 0.2 }));
model.add(tf.layers.dense({ units: 5, activation: 'softmax' }));
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const features = tf.randomUniform([64, 12, 12, 1], 0, 1, 'float32', 1);
const labels = tf.oneHot(tf.randomUniform([64], 0, 5, 'int32', 2), 5).toFloat();

const counts = { ops: 0, steps: 0, errors: 0, strings: 0, reads: 0 };

function mixedOps() {
  const before = session.executor.executedOps;
  tf.tidy(() => {
    const size = 1 + Math.floor(Math.random() * 40);
    const a = tf.randomUniform([size, size]);
    const b = a.matMul(a, false, true).add(1).log().softmax();
    b.concat(a, 1).slice([0, 0], [size, size]).transpose().reshape([-1]).topk(1);
    tf.spectral.fft(tf.complex(a, b));
    tf.image
      .resizeBilinear(a.reshape([size, size, 1]), [8, 8])
      .sum()
      .dataSync();
  });
  counts.ops += session.executor.executedOps - before;
}

function wrongOps() {
  tf.tidy(() => {
    try {
      tf.gather(tf.tensor1d([1, 2, 3]), tf.tensor1d([7], 'int32')).dataSync();
    } catch {
      counts.errors++;
    }
  });
}

function strings() {
  tf.tidy(() => {
    tf.string.stringSplit(['a sentence that is longer than what fits into a small string', 'b'], ' ').values.dataSync();
    counts.strings++;
  });
}

async function reads() {
  const x = tf.fill([512, 512], counts.reads);
  const reading = x.data();
  x.dispose();
  const values = await reading;
  if (values[0] !== counts.reads) throw new Error('a read gave the wrong value');
  counts.reads++;
}

async function round() {
  for (let index = 0; index < 40; index++) mixedOps();
  wrongOps();
  strings();
  await reads();
  await model.fit(features, labels, { epochs: 1, batchSize: 16, verbose: 0 });
  counts.steps += 4;
}

const sample = async () => {
  // Constants that were pushed out of the cache are freed by finalizers, which run in later turns of the event loop.
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    rss: process.memoryUsage().rss / 2 ** 20,
    handles: session.context.handles.alive - session.executor.internedConstants,
    tensors: tf.memory().numTensors,
  };
};

const duration = Number(options.minutes) * 60_000;
const warmUp = Math.min(30_000, duration / 3);
const start = performance.now();
while (performance.now() - start < warmUp) await round();
const first = await sample();
const samples = [first];
let next = performance.now() + duration / 20;
while (performance.now() - start < duration) {
  await round();
  if (performance.now() < next) continue;
  samples.push(await sample());
  next += duration / 20;
}
const last = await sample();
console.warn = warn;

const half = samples.slice(samples.length >> 1);
const lowest = (list) => Math.min(...list.map(({ rss }) => rss));
const growth = lowest([...half, last]) - lowest(samples.slice(0, Math.max(1, samples.length >> 1)));
console.log(
  `Soak: ${((performance.now() - start) / 60_000).toFixed(1)} minutes, TensorFlow ${session.context.version}`,
);
console.log(
  `  ${counts.ops} ops in mixed formulas, ${counts.steps} training steps, ${counts.reads} asynchronous reads of disposed tensors, ${counts.errors} errors, ${counts.strings} string splits; ${session.executor.executedOps} ops in all`,
);
console.log(
  `  RSS in MB, over time: ${samples.map(({ rss }) => rss.toFixed(0)).join(' ')}; lowest of the second half against the first: ${growth >= 0 ? '+' : ''}${growth.toFixed(1)}`,
);
console.log(
  `  handles (interned constants apart) ${first.handles} → ${last.handles}, tensors ${first.tensors} → ${last.tensors}`,
);
const flat =
  growth < Number(options['allowed-growth-mb']) &&
  last.tensors === first.tensors &&
  Math.abs(last.handles - first.handles) <= 64;
console.log(flat ? '  flat' : '  NOT flat');
process.exitCode = flat ? 0 : 1;
