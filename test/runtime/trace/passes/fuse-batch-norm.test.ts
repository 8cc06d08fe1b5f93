/**
 * Batch normalization in training becomes TensorFlow's own ops, with the same numbers; anything else stays as it is.
 */
import type { Program } from '../../../../src/runtime/trace/program.js';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { session, useBackend } from '../../../../src/runtime/backend/install.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { ConcreteFunction } from '../../../../src/runtime/trace/concrete-function.js';
import { optimizeProgram } from '../../../../src/runtime/trace/passes/optimize-program.js';
import { pruneDeadOperations } from '../../../../src/runtime/trace/passes/prune.js';
import { recordFunction } from '../../../../src/runtime/trace/record-function.js';

type Layers = (x: tf.SymbolicTensor) => tf.SymbolicTensor;
type Apply = tf.SymbolicTensor;

const count = ({ operations }: Program, name: string): number => operations.filter(({ op }) => op === name).length;
const conv = (seed: number, filters = 4): tf.layers.Layer =>
  tf.layers.conv2d({
    filters,
    kernelSize: 3,
    padding: 'same',
    kernelInitializer: tf.initializers.glorotUniform({ seed }),
  });
const normalization = (arguments_: Parameters<typeof tf.layers.batchNormalization>[0] = {}): tf.layers.Layer =>
  tf.layers.batchNormalization({
    gammaInitializer: tf.initializers.randomUniform({ minval: 0.5, maxval: 2, seed: 5 }),
    betaInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: 6 }),
    ...arguments_,
  });

describe.skipIf(locateTensorFlow().files === undefined)('batch normalization in training', () => {
  /** One recorded pass, forward and backward, with the gradients and the moving averages as results. */
  function record(layers: Layers): Program {
    const backend = useBackend();
    const input = tf.input({ shape: [6, 5, 3] });
    const model = tf.model({ inputs: input, outputs: layers(input) });
    const x = tf.randomNormal([8, 6, 5, 3], 1, 2, 'float32', 3);
    const recording = recordFunction({ tf, backend, context: session.context }, () => {
      const { value, grads } = tf.variableGrads(() => {
        const y = model.apply(x, { training: true }) as tf.Tensor;
        return tf.mean<tf.Scalar>(tf.square(tf.add(y, 0.3)));
      });
      return [value, ...Object.values(grads)];
    });
    const results = [...recording.results, ...recording.writes.values()];
    return { operations: recording.operations, constants: recording.constants, parameters: [], results };
  }

  function run(name: string, program: Program): number[][] {
    const concrete = new ConcreteFunction(session.context, name, program);
    const results = concrete.call(session.executor, concrete.captures);
    return results.map((handle) => [...(session.executor.readSync(handle) as Float32Array)]);
  }

  function expectSame(name: string, program: Program, optimized: Program): void {
    const expected = run(`${name}_plain`, pruneDeadOperations(program));
    const actual = run(`${name}_fused`, optimized);
    expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
    actual.forEach((numbers, result) => {
      // Two layers in a row have gradients that are 0 except for rounding.
      const scale = Math.max(0.1, ...(expected[result] as number[]).map(Math.abs));
      numbers.forEach((number, index) => {
        expect(Math.abs(number - (expected[result]?.[index] as number)) / scale).toBeLessThan(4e-5);
      });
    });
  }

  test.each<[string, number, number, Layers]>([
    ['after_a_convolution', 1, 1, (x) => normalization().apply(conv(1).apply(x)) as Apply],
    [
      'whose_scale_and_offset_are_frozen',
      1,
      1,
      (x) => normalization({ trainable: false }).apply(conv(1).apply(x)) as Apply,
    ],
    [
      'with_another_epsilon',
      1,
      1,
      (x) => normalization({ epsilon: 0.1, momentum: 0.5 }).apply(conv(1).apply(x)) as Apply,
    ],
    ['twice_in_a_row', 2, 2, (x) => normalization().apply(normalization().apply(conv(1).apply(x))) as Apply],
    [
      'in_residual_blocks',
      3,
      3,
      (x) => {
        let y = conv(1).apply(x) as Apply;
        for (let block = 0; block < 3; block++) {
          const inner = conv(block + 2).apply(tf.layers.reLU().apply(normalization().apply(y))) as Apply;
          y = tf.layers.add().apply([y, inner]) as Apply;
        }
        return y;
      },
    ],
    ['of_the_input_itself_has_no_gradient_to_fuse', 1, 0, (x) => conv(1).apply(normalization().apply(x)) as Apply],
  ])('%s', (name, forward, backward, layers) => {
    const program = record(layers);
    const optimized = optimizeProgram(program);
    expect(count(optimized, 'FusedBatchNormV3')).toBe(forward);
    expect(count(optimized, 'FusedBatchNormGradV3')).toBe(backward);
    expectSame(name, program, optimized);
  });

  test('of flat values is not fused', () => {
    const layers: Layers = (x) => normalization().apply(tf.layers.flatten().apply(conv(1).apply(x))) as Apply;
    const program = record(layers);
    const optimized = optimizeProgram(program);
    expect(count(optimized, 'FusedBatchNormV3')).toBe(0);
    expectSame('flat', program, optimized);
  });

  test('of one element per channel is not fused, because its sample variance is not defined', () => {
    useBackend();
    const [x, gamma] = [tf.randomNormal([1, 1, 1, 3]), tf.ones([3])];
    const recording = recordFunction({ tf, backend: useBackend(), context: session.context }, () => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return [
        tf.batchNorm(
          x as tf.Tensor4D,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          gamma as tf.Tensor1D,
          gamma as tf.Tensor1D,
          1e-3,
        ),
      ];
    });
    const program: Program = { ...recording, parameters: [] };
    expect(count(optimizeProgram(program), 'FusedBatchNormV3')).toBe(0);
  });
});
