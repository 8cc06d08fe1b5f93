/** Every optimizer of TensorFlow.js. */
import * as tf from '@tensorflow/tfjs';

export const OPTIMIZERS = new Map<string, () => tf.Optimizer>([
  ['sgd', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.05, 0.9)],
  ['nesterov momentum', () => tf.train.momentum(0.05, 0.9, true)],
  ['adagrad', () => tf.train.adagrad(0.1)],
  ['adadelta', () => tf.train.adadelta(0.5)],
  ['adam', () => tf.train.adam(0.01)],
  ['adamax', () => tf.train.adamax(0.01)],
  ['rmsprop', () => tf.train.rmsprop(0.01)],
  ['rmsprop with momentum', () => tf.train.rmsprop(0.01, 0.9, 0.5)],
  // TensorFlow.js subtracts epsilon. With a positive one, a gradient that is always 0 (of a word that does not occur)
  // gives NaN.
  ['centered rmsprop', () => tf.train.rmsprop(0.001, 0.5, 0.5, -1e-7, true)],
]);
