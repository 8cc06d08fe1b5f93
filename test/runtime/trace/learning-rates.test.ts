/** Which learning rates of a step become parameters. */
import type { Handle } from '../../../src/runtime/tensorflow/op-executor.js';
import type { RecordedOperation } from '../../../src/runtime/trace/program.js';

import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { NO_ATTRIBUTES } from '../../../src/runtime/tensorflow/attributes.js';
import { DataTypeCode } from '../../../src/runtime/tensorflow/data-types-table.js';
import { type LearningRateFeed, shareLearningRates } from '../../../src/runtime/trace/learning-rates.js';

const scalar = (): Handle => ({ shape: [], dtype: DataTypeCode.Float, isDisposed: false, dispose: () => undefined });
const product = (rate: Handle): RecordedOperation => ({
  op: 'Mul',
  attributes: NO_ATTRIBUTES,
  inputs: [scalar(), rate],
  outputs: [scalar()],
});

test('one rate of one optimizer becomes one parameter, however many variables it has', () => {
  const [first, second] = [tf.train.sgd(0.1), tf.train.sgd(0.1)];
  const rates: [Handle, LearningRateFeed][] = [
    [scalar(), { optimizer: first, factor: -1 }],
    [scalar(), { optimizer: first, factor: -1 }],
    [scalar(), { optimizer: first, factor: 2 }],
    [scalar(), { optimizer: second, factor: -1 }],
  ];
  const operations = rates.map(([handle]) => product(handle));
  const shared = shareLearningRates(operations, new Set(), new Map(rates));
  expect(shared.feeds.size).toBe(3);
  expect(shared.operations.map(({ inputs }) => rates.findIndex(([handle]) => handle === inputs[1]))).toEqual([
    0, 0, 2, 3,
  ]);
});

test('a rate that the step returns remains a separate parameter', () => {
  const optimizer = tf.train.sgd(0.1);
  const [first, second] = [scalar(), scalar()];
  const feeds = new Map([first, second].map((handle) => [handle, { optimizer, factor: -1 }]));
  const shared = shareLearningRates([product(first), product(second)], new Set([second]), feeds);
  expect([...shared.feeds.keys()]).toEqual([first, second]);
});
