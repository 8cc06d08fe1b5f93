/** Compares values and gradients of ops and layers with those of Python TensorFlow. */
import { readFileSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { useBackend } from '../../../src/runtime/backend/index.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { LAYER_FORMULAS, OP_FORMULAS } from './golden-formulas.js';

interface Packed {
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: number[];
}

interface OpCase {
  readonly name: string;
  readonly inputs: Packed[];
  readonly output: Packed;
  readonly outputWeights?: Packed;
  readonly gradients?: Packed[];
}

interface LayerCase {
  readonly name: string;
  readonly input: Packed;
  readonly weights: Packed[];
  readonly output: Packed;
  readonly outputWeights: Packed;
  readonly weightGradients: Packed[];
  readonly inputGradient: Packed | null;
}

function load<Case>(name: string): Case[] {
  const url = new URL(`../../../fixtures/goldens/${name}`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { cases: Case[] }).cases;
}

const unpack = ({ values, shape, dtype }: Packed): tf.Tensor => tf.tensor(values, shape, dtype);

const TOLERANCE = 2e-5;

function expectClose(actual: tf.Tensor, expected: Packed, what: string): void {
  expect(actual.shape, `${what}: shape`).toEqual(expected.shape);
  const values = actual.dataSync();
  expected.values.forEach((value, index) => {
    const difference = Math.abs((values[index] as number) - value);
    expect(difference, `${what}[${index}]: ${values[index]} for ${value}`).toBeLessThanOrEqual(
      TOLERANCE * Math.max(1, Math.abs(value)),
    );
  });
}

describeWithTensorFlow('the backend computes the same as Python TensorFlow', () => {
  beforeAll(() => {
    useBackend();
  });
  afterAll(() => tf.setBackend('cpu'));

  const ops = load<OpCase>('ops.json');
  it.each(ops.map((golden) => [golden.name, golden] as const))('op %s', (name, golden) => {
    tf.tidy(() => {
      const formula = OP_FORMULAS.get(name);
      if (!formula) throw new Error(`There is no formula for the golden ${name}.`);
      const inputs = golden.inputs.map(unpack);
      expectClose(formula(inputs), golden.output, 'output');
      if (!golden.outputWeights || !golden.gradients) return;
      const weights = unpack(golden.outputWeights);
      const gradients = tf.grads((...given: tf.Tensor[]) => tf.sum(tf.mul(formula(given), weights)))(inputs);
      gradients.forEach((gradient, index) => {
        expectClose(gradient, golden.gradients?.[index] as Packed, `gradient ${index}`);
      });
    });
  });

  const layers = load<LayerCase>('layers.json');
  it.each(layers.map((golden) => [golden.name, golden] as const))('layer %s', (name, golden) => {
    tf.tidy(() => {
      const layer = LAYER_FORMULAS.get(name)?.();
      if (!layer) throw new Error(`There is no formula for the golden ${name}.`);
      const x = unpack(golden.input);
      layer.apply(x);
      layer.setWeights(golden.weights.map(unpack));
      expectClose(layer.apply(x) as tf.Tensor, golden.output, 'output');
      const outer = unpack(golden.outputWeights);
      const loss = (given: tf.Tensor): tf.Scalar => tf.sum(tf.mul(layer.apply(given) as tf.Tensor, outer));
      if (golden.weightGradients.length > 0) {
        const variables = layer.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
        const { grads } = tf.variableGrads(() => loss(x), variables);
        variables.forEach((variable, index) => {
          expectClose(
            grads[variable.name] as tf.Tensor,
            golden.weightGradients[index] as Packed,
            `weight gradient ${index}`,
          );
        });
      }
      if (golden.inputGradient) expectClose(tf.grad(loss)(x), golden.inputGradient, 'input gradient');
    });
  });

  it('in at least 30 ops and 8 layers', () => {
    expect(ops.length).toBeGreaterThanOrEqual(30);
    expect(layers.length).toBeGreaterThanOrEqual(8);
  });
});
