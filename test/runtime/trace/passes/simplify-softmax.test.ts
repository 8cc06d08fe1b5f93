/** A cross-entropy after a softmax loses its row sums: the same numbers from fewer ops. */
import type { Handle } from '../../../../src/runtime/tensorflow/op-executor.js';
import type { Program } from '../../../../src/runtime/trace/program.js';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { session, useBackend } from '../../../../src/runtime/backend/install.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { ConcreteFunction } from '../../../../src/runtime/trace/concrete-function.js';
import { optimizeProgram } from '../../../../src/runtime/trace/passes/optimize-program.js';
import { recordFunction } from '../../../../src/runtime/trace/record-function.js';

type Loss = (logits: tf.Tensor) => tf.Tensor;

const count = ({ operations }: Program, name: string): number => operations.filter(({ op }) => op === name).length;

describe.skipIf(locateTensorFlow().files === undefined)('sums of a softmax', () => {
  const labels = (shape: number[]): tf.Tensor =>
    tf
      .oneHot(
        tf.range(
          0,
          shape.slice(0, -1).reduce((product, size) => product * size, 1),
          1,
          'int32',
        ),
        shape.at(-1) as number,
      )
      .reshape(shape)
      .toFloat();

  /** TensorFlow.js's `categoricalCrossentropy` of probabilities. */
  const crossEntropy = (probabilities: tf.Tensor, axis = -1): tf.Tensor => {
    const normalized = tf.div(probabilities, tf.sum(probabilities, axis, true));
    return tf.neg(tf.sum(tf.mul(labels(probabilities.shape), tf.log(tf.clipByValue(normalized, 1e-7, 1 - 1e-7)))));
  };

  /** Records the loss and its gradient. */
  function record(loss: Loss, shape: number[]): Program {
    const backend = useBackend();
    const logits = tf.variable(tf.randomNormal(shape, 0, 3, 'float32', 5));
    const { operations, constants, results } = recordFunction({ tf, backend, context: session.context }, () => {
      const { value, grad } = tf.valueAndGrad(loss)(logits);
      return [value, grad];
    });
    return { operations, constants, parameters: [], results };
  }

  function run(name: string, program: Program): number[][] {
    const concrete = new ConcreteFunction(session.context, name, program);
    return concrete
      .call(session.executor, concrete.captures)
      .map((handle) => [...(session.executor.readSync(handle) as Float32Array)]);
  }

  function expectSame(name: string, program: Program, optimized: Program): void {
    const [before, after] = [run(`${name}_before`, program), run(`${name}_after`, optimized)];
    before.forEach((values, result) => {
      values.forEach((number, index) => {
        expect(Math.abs((after[result]?.[index] as number) - number)).toBeLessThan(
          2e-6 * Math.max(1, Math.abs(number)),
        );
      });
    });
  }

  test.each([[[6, 4]], [[1, 3]], [[2, 5, 3]]])('are removed from a cross-entropy and its gradient, %j', (shape) => {
    const program = record((logits) => crossEntropy(tf.softmax(logits)), shape);
    const optimized = optimizeProgram(program);
    // The gradient of the logarithm, and of its sum, remain.
    expect(count(program, 'RealDiv') - count(optimized, 'RealDiv')).toBeGreaterThanOrEqual(3);
    expect(count(optimized, 'Square')).toBe(0);
    expectSame(`softmax_${shape.join('_')}`, program, optimized);
  });

  test('are removed where logits are so far apart that the loss is clipped', () => {
    const program = record((logits) => crossEntropy(tf.softmax(tf.mul(logits, 40))), [8, 5]);
    expectSame('softmax_clipped', program, optimizeProgram(program));
  });

  test('over another axis remain', () => {
    const program = record((logits) => crossEntropy(tf.softmax(logits), 0), [4, 4]);
    const optimized = optimizeProgram(program);
    expect(count(optimized, 'Square')).toBe(1);
    expectSame('softmax_axis', program, optimized);
  });

  test('of other values than a softmax remain', () => {
    const program = record((logits) => crossEntropy(tf.sigmoid(logits)), [4, 3]);
    const optimized = optimizeProgram(program);
    expect(count(optimized, 'Square')).toBe(1);
    expectSame('softmax_sigmoid', program, optimized);
  });

  test('remain in a product that the program returns', () => {
    const program = record((logits) => crossEntropy(tf.softmax(logits)), [6, 4]);
    const gradient = program.results[1] as Handle;
    const product = program.operations.find(({ outputs }) => outputs[0] === gradient)?.inputs[0] as Handle;
    const withProduct = { ...program, results: [...program.results, product] };
    const optimized = optimizeProgram(withProduct);
    expect(count(optimized, 'Square')).toBe(1);
    expectSame('softmax_product', withProduct, optimized);
  });
});
