/**
 * Untraced training steps on our backend, on tfjs's own backends and in eager Python TensorFlow. Starts TensorFlow and
 * a Python process.
 */
import '@tensorflow/tfjs-backend-wasm';

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import * as tf from '@tensorflow/tfjs';

import { BACKEND_NAME } from '../../dist/runtime/backend/index.js';
import { interleave } from '../interleave.js';
import { benchmarkModel } from '../models.js';

/** @import { Contender } from '../interleave.js' */

const BATCH = 32;
const CASES = [
  { name: 'mlp', steps: 100 },
  { name: 'cnn', steps: 20 },
];

/**
 * Starts python_eager.py in the project's virtual environment.
 * @returns {{ version: Promise<string>, step: (name: string, steps: number) => Promise<number>, end: () => void } |
 *   undefined} Milliseconds per step of a model, on request; undefined without the environment.
 */
function startPython() {
  const python = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
  if (!existsSync(python)) return undefined;
  const child = spawn(python, [join(import.meta.dirname, 'python_eager.py')], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const next = await lines.next();
    if (next.done === true) throw new Error('python_eager.py ended early.');
    return next.value;
  };
  return {
    version: nextLine().then((line) => line.replace('ready ', 'TensorFlow ')),
    async step(name, steps) {
      child.stdin.write(`${name} ${steps}\n`);
      return Number(await nextLine());
    },
    end: () => {
      child.stdin.end();
    },
  };
}

/**
 * Prepares untraced training on a tfjs backend.
 * @param {string} name - Name of the model.
 * @param {string} backend - Name of the backend.
 * @returns {Promise<(steps: number) => Promise<number>>} Runs some steps; resolves to milliseconds per step.
 */
async function prepareTraining(name, backend) {
  await tf.setBackend(backend);
  const { inputShape, build } = benchmarkModel(name);
  const model = build();
  const optimizer = tf.train.adam(1e-3);
  const x = tf.randomUniform([BATCH, ...inputShape], 0, 1, 'float32', 1);
  const y = tf.oneHot(tf.randomUniform([BATCH], 0, 10, 'int32', 2), 10).toFloat();
  const loss = () =>
    /** @type {tf.Scalar} */ (tf.losses.softmaxCrossEntropy(y, /** @type {tf.Tensor} */ (model.predict(x))));
  return async (steps) => {
    await tf.setBackend(backend);
    const start = performance.now();
    for (let index = 0; index < steps; index++) {
      const value = tf.tidy(() => optimizer.minimize(loss, true) ?? tf.scalar(NaN));
      if (index === steps - 1) await value.data();
      value.dispose();
    }
    return (performance.now() - start) / steps;
  };
}

/**
 * For a contender that is a hundred times slower: takes two samples of one step, then repeats the last.
 * @param {(steps: number) => Promise<number>} run - Runs some steps.
 * @returns {Contender} The contender.
 */
function sampledTwice(run) {
  /** @type {number[]} */
  const samples = [];
  return async () => {
    if (samples.length < 2) samples.push(await run(1));
    return samples.at(-1) ?? NaN;
  };
}

/**
 * Measures and prints untraced training steps.
 * @param {number} rounds - Samples per contender.
 */
export async function benchEagerTraining(rounds) {
  const python = startPython();
  const version = await python?.version;
  for (const { name, steps } of CASES) {
    const ours = await prepareTraining(name, BACKEND_NAME);
    /** @type {Map<string, Contender>} */
    const contenders = new Map([['mirrorscope', () => ours(steps)]]);
    contenders.set('tfjs cpu', sampledTwice(await prepareTraining(name, 'cpu')));
    // tfjs's wasm backend has no gradient of convolutions.
    if (name === 'mlp') {
      const wasm = await prepareTraining(name, 'wasm');
      contenders.set('tfjs wasm', () => wasm(steps));
    }
    if (python !== undefined) contenders.set('Python eager', () => python.step(name, steps));
    const medians = await interleave(contenders, rounds);
    console.log(`Training step, ${name}, batch ${BATCH}, Adam, eager, ms:`);
    for (const [label, value] of medians.values) {
      const ratio = value / medians.of('mirrorscope');
      const comparison = label === 'mirrorscope' ? '' : `   mirrorscope is ${ratio.toFixed(1)}× as fast`;
      console.log(`  ${label.padEnd(13)} ${value.toFixed(2)}${comparison}`);
    }
  }
  console.log(version === undefined ? 'Python TensorFlow is not in .venv: not compared.' : `Python: ${version}.`);
  python?.end();
}
