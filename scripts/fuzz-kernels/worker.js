/**
 * One process of `npm run fuzz:kernels`: makes wrong calls of some kernels, and reports each call before and after.
 * Arguments: seed, calls per kernel, index of the first call, and the names of the kernels. Writes to file descriptor
 * 3.
 */
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

import * as tf from '@tensorflow/tfjs';

import { createRandom } from '../semantics/random.js';

import { validCalls } from './valid-calls.js';
import { wrongCall } from './wrong-calls.js';
import { wrongTensor } from './wrong-tensors.js';

/** @import { RecordedCall } from './recorded-call.js' */

const [seed = '1', callsPerKernel = '200', first = '0', ...kernels] = process.argv.slice(2);
const REPORT = 3;
/** Reading larger results only takes time. */
const MAX_READ = 100_000;

/** @param {object} line - What to report. */
const report = (line) => void writeSync(REPORT, `${JSON.stringify(line)}\n`);

/**
 * @param {Error} error - An error.
 * @returns {boolean} Whether TensorFlow.js threw it while it made a tensor: no kernel was called.
 */
const isOfTfjs = ({ stack = '' }) => /at (Engine\.)?makeTensor/.test(stack) && !stack.includes('runKernel');

/** @param {unknown} error - Anything. @returns {object} Its class and message. */
function describeError(error) {
  if (!(error instanceof Error)) return { outcome: 'untyped', error: typeof error, message: String(error) };
  const isTyped = error.name === 'MirrorscopeError' && 'code' in error;
  const [message = ''] = error.message.split('\n');
  return {
    outcome: isTyped ? 'typed' : isOfTfjs(error) ? 'rejected by TensorFlow.js' : 'untyped',
    error: isTyped ? error.code : error.constructor.name,
    message: message.slice(0, 160),
    ...(isTyped ? {} : { stack: error.stack?.split('\n').slice(1, 4).join(' <- ') }),
  };
}

/** @param {unknown} result - What a kernel returned. */
function read(result) {
  const tensors = /** @type {tf.Tensor[]} */ (Array.isArray(result) ? result : [result]);
  for (const tensor of tensors) {
    if (tensor.size <= MAX_READ) tensor.dataSync();
  }
}

// A small machine: the runtime refuses larger tensors, and a run needs little memory.
os.totalmem = () => 2 ** 31;
syncBuiltinESMExports();
const { useBackend } = await import('../../dist/runtime/backend/index.js');
useBackend();
const calls = validCalls();
let index = Number(first);
const end = Number(callsPerKernel) * kernels.length;
for (; index < end; index++) {
  const kernel = kernels[Math.floor(index / Number(callsPerKernel))] ?? '';
  const random = createRandom(Number(seed) * 7919 + index * 31 + kernel.length);
  tf.engine().startScope('call');
  try {
    const run = kernel === 'makeTensor' ? wrongTensor(random) : prepare(random.pick(calls.get(kernel) ?? []), random);
    report({ index, kernel, changes: run.changes });
    try {
      read(run.call());
      report({ index, outcome: 'accepted' });
    } catch (error) {
      report({ index, ...describeError(error) });
    }
  } finally {
    tf.engine().endScope();
  }
}

/**
 * @param {RecordedCall} valid - A valid call.
 * @param {import('../semantics/random.js').Random} random - Chooses.
 * @returns {{ changes: string[], call: () => unknown }} A wrong one.
 */
function prepare(valid, random) {
  const { inputs, attributes, changes } = wrongCall(random, valid);
  return {
    changes,
    call: () => tf.engine().runKernel(valid.kernel, /** @type {never} */ (inputs), /** @type {never} */ (attributes)),
  };
}
