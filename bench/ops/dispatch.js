/**
 * What one small eager op costs at each layer: C, raw calls through koffi, our executor, tfjs. Runs ops on TensorFlow
 * and compiles a C program.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';

import { session, useBackend } from '../../dist/runtime/backend/index.js';
import { NO_ATTRIBUTES } from '../../dist/runtime/tensorflow/attributes.js';
import { TensorHandle } from '../../dist/runtime/tensorflow/tensor-handle.js';
import { interleave } from '../interleave.js';

/** @import { Contender } from '../interleave.js' */

const CALLS = 20_000;
const CALLS_IN_C = 50_000;

/**
 * Measures one call.
 * @param {() => void} run - What to call.
 * @returns {number} Microseconds per call.
 */
function microseconds(run) {
  const start = performance.now();
  for (let index = 0; index < CALLS; index++) run();
  return ((performance.now() - start) / CALLS) * 1000;
}

/**
 * Compiles raw_call.c.
 * @param {string} folder - Where to put the program.
 * @returns {string | undefined} The program, or undefined without a C compiler.
 */
function compileRawCall(folder) {
  const program = join(folder, 'raw_call');
  const source = join(import.meta.dirname, 'raw_call.c');
  const { status } = spawnSync(process.env.CC ?? 'cc', ['-O2', '-o', program, source, '-ldl']);
  return status === 0 ? program : undefined;
}

/**
 * Adds four numbers to themselves through the C API, with nothing of ours around it.
 * @param {tf.Tensor} x - A tensor of the `mirrorscope` backend.
 * @returns {() => void} Runs the op once.
 */
function rawCall(x) {
  const { context } = session;
  const { api } = context;
  const handle = useBackend().handleOf(x);
  if (!(handle instanceof TensorHandle)) throw new Error('The tensor is not on a device.');
  const status = context.status.pointer;
  const outputs = api.memory.block(8);
  const count = api.memory.block(8);
  const name = api.memory.constantString('AddV2');
  const op = api.TFE_NewOp(context.pointer, name, status);
  return () => {
    api.TFE_OpReset(op, name, 0, status);
    api.TFE_OpAddInput(op, handle.pointer, status);
    api.TFE_OpAddInput(op, handle.pointer, status);
    count.int32[0] = 1;
    api.TFE_Execute(op, outputs.address, count.address, status);
    api.TFE_DeleteTensorHandle(outputs.pointerAt(0));
  };
}

/**
 * Measures and prints the cost of one small op.
 * @param {number} rounds - Samples per contender.
 */
export async function benchDispatch(rounds) {
  const backend = useBackend();
  const { executor } = session;
  const x = tf.tensor1d([1, 2, 3, 4]);
  const handle = backend.handleOf(x);
  const folder = mkdtempSync(join(tmpdir(), 'raw-call-'));
  const program = compileRawCall(folder);
  const libraries = session.located.files?.paths ?? [];
  /** @type {Map<string, Contender>} */
  const contenders = new Map();
  if (program !== undefined) {
    contenders.set('C', () =>
      Number(
        execFileSync(program, [...libraries, String(CALLS_IN_C)], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      ),
    );
  }
  const raw = rawCall(x);
  contenders.set('raw calls', () => microseconds(raw));
  contenders.set('executor', () =>
    microseconds(() => {
      executor.execute1('AddV2', NO_ATTRIBUTES, [handle, handle]).dispose();
    }),
  );
  contenders.set('tf.add', () =>
    microseconds(() => {
      tf.add(x, x).dispose();
    }),
  );
  const medians = await interleave(contenders, rounds);
  rmSync(folder, { recursive: true, force: true });

  console.log('One small op (add of 4 numbers), microseconds per call:');
  for (const [label, value] of medians.values) console.log(`  ${label.padEnd(10)} ${value.toFixed(2)}`);
  const [ours, tfjs] = [medians.of('executor'), medians.of('tf.add')];
  const base = medians.of(program === undefined ? 'raw calls' : 'C');
  const baseName = program === undefined ? 'the raw calls through koffi (no C compiler here)' : 'the same calls from C';
  const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(0)}%`;
  console.log(
    `  dispatch is ${(ours / base).toFixed(2)}× ${baseName} (goal: at most 3×); ` +
      `tf.add with tfjs's engine on top is ${(tfjs / base).toFixed(2)}×`,
  );
  console.log(
    `  of tf.add's time, ${percent((ours - base) / tfjs)} is our dispatch, ` +
      `${percent(1 - ours / tfjs)} tfjs's engine and our kernel table, the rest TensorFlow`,
  );
}
