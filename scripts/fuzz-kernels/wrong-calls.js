/** Changes a valid call of a kernel into one that is wrong in one to three ways. Makes tensors of TensorFlow.js. */
import { inspect } from 'node:util';

import * as tf from '@tensorflow/tfjs';

import { below, choose } from './choose.js';
import { LYING_SHAPES, ODD_ATTRIBUTES, ODD_INPUTS, ODD_NUMBERS, ODD_SHAPES } from './odd-values-table.js';

/**
 * @import { Random } from '../semantics/random.js'
 * @import { RecordedCall, RecordedInput } from './recorded-call.js'
 * @typedef {{ inputs: object, attributes: Record<string, unknown>, changes: string[] }} WrongCall
 * @typedef {Record<string, unknown>} Inputs
 */

/** @type {readonly tf.DataType[]} */
const TYPES = ['float32', 'int32', 'bool', 'string', 'complex64'];

/** @param {readonly number[]} shape - A shape. @returns {number} How many elements it has. */
const elements = (shape) => shape.reduce((product, size) => product * size, 1);

/**
 * @param {readonly (number | string)[]} values - Values; they are repeated.
 * @param {number[]} shape - The shape.
 * @param {tf.DataType} dtype - The type.
 * @returns {tf.Tensor} A tensor.
 */
function tensorOf(values, shape, dtype) {
  const count = elements(shape);
  const at = (/** @type {number} */ index) => values[index % Math.max(1, values.length)] ?? 0;
  if (dtype === 'string') {
    return tf.tensor(
      Array.from({ length: count }, (_, index) => String(at(index))),
      shape,
      'string',
    );
  }
  const numbers = Array.from({ length: count }, (_, index) => Number(at(index)) || 0);
  if (dtype === 'complex64') return tf.complex(tf.tensor(numbers, shape), tf.tensor(numbers, shape));
  return tf.tensor(dtype === 'bool' ? numbers.map(Boolean) : numbers, shape, dtype);
}

/** @param {unknown} value - Any value. @returns {string} It as text. */
const describe = (value) => inspect(value, { breakLength: Infinity });

/** @param {RecordedInput} input - A recorded tensor. @returns {tf.Tensor} The tensor. */
const recorded = (input) => tensorOf(input.values, input.shape, input.dtype);

/**
 * @param {Random} random - Chooses.
 * @param {RecordedInput} input - What the tensor is in the valid call.
 * @returns {[string, unknown]} What was changed, and the input.
 */
function wrongInput(random, input) {
  const kind = choose(random, ['type', 'shape', 'size', 'values', 'disposed', 'lie', 'odd']);
  switch (kind) {
    case 'type': {
      const dtype = choose(random, TYPES);
      return [`type ${dtype}`, tensorOf(input.values, input.shape, dtype)];
    }
    case 'shape': {
      const shape = choose(random, ODD_SHAPES);
      return [`shape [${shape.join()}]`, tensorOf(input.values, shape, input.dtype)];
    }
    case 'size': {
      const shape = [...input.shape];
      if (shape.length > 0) shape[below(random, shape.length)] = choose(random, [0, 1, 2, 3, 5, 17]);
      return [`size [${shape.join()}]`, tensorOf(input.values, shape, input.dtype)];
    }
    case 'values': {
      const values = input.values.map((value) => (typeof value === 'number' ? choose(random, ODD_NUMBERS) : value));
      if (input.dtype === 'string') values.splice(0, values.length, choose(random, ['', '\u0000', 'ä'.repeat(1000)]));
      const array = input.dtype === 'int32' ? [...Int32Array.from(values, Number)] : values;
      return [`values ${String(values[0])}`, tensorOf(array, input.shape, input.dtype)];
    }
    case 'disposed': {
      const tensor = recorded(input);
      tensor.dispose();
      return ['disposed', tensor];
    }
    case 'lie': {
      const { dataId, shape, dtype } = recorded(input);
      const [lie, type] =
        below(random, 3) === 0
          ? [shape, choose(random, TYPES)]
          : [choose(random, [...LYING_SHAPES, ...ODD_SHAPES]), dtype];
      return [`claims ${type} [${lie.join()}]`, { dataId, shape: lie, dtype: type }];
    }
    default: {
      const odd = choose(random, ODD_INPUTS);
      return [`odd input ${describe(odd)}`, odd];
    }
  }
}

/**
 * @param {Random} random - Chooses.
 * @param {unknown} value - An attribute.
 * @returns {unknown} A wrong one.
 */
function wrongValue(random, value) {
  if (Array.isArray(value) && value.length > 0 && below(random, 2) === 0) {
    const copy = /** @type {unknown[]} */ (value).slice();
    const index = below(random, copy.length);
    copy[index] = wrongValue(random, copy[index]);
    return copy;
  }
  return choose(random, ODD_ATTRIBUTES);
}

/**
 * @param {Random} random - Chooses.
 * @param {RecordedCall} call - A valid call.
 * @returns {WrongCall} One that is wrong.
 */
export function wrongCall(random, call) {
  /** @type {Inputs} */
  const inputs = {};
  for (const [name, input] of Object.entries(call.inputs)) {
    inputs[name] = Array.isArray(input) ? input.map(recorded) : recorded(input);
  }
  const names = Object.keys(inputs);
  const attributes = structuredClone(call.attributes);
  const attributeNames = Object.keys(attributes);
  /** @type {string[]} */
  const changes = [];
  const times = 1 + below(random, 3);
  for (let time = 0; time < times; time++) {
    const kind = choose(random, ['input', 'input', 'attribute', 'attribute', 'count']);
    if (kind === 'input' && names.length > 0) {
      const name = choose(random, names);
      const input = /** @type {RecordedInput | RecordedInput[]} */ (call.inputs[name]);
      if (Array.isArray(input)) {
        const list = input.map(recorded);
        const [change, value] = wrongInput(random, input[0] ?? { shape: [1], dtype: 'int32', values: [1] });
        inputs[name] = [...list, value];
        changes.push(`${name}: one more, ${change}`);
      } else {
        const [change, value] = wrongInput(random, input);
        inputs[name] = value;
        changes.push(`${name}: ${change}`);
      }
    } else if (kind === 'attribute' && attributeNames.length > 0) {
      const name = choose(random, attributeNames);
      attributes[name] = wrongValue(random, attributes[name]);
      changes.push(`${name}=${describe(attributes[name])}`);
    } else if (below(random, 4) === 0 && names.length > 0) {
      const name = choose(random, names);
      Reflect.deleteProperty(inputs, name);
      changes.push(`without ${name}`);
    } else {
      const name = call.isList
        ? String(names.length)
        : choose(random, ['dy', 'x', 'y', 'filter', 'bias', 'extra', '0']);
      inputs[name] = recorded({ shape: [1, 2], dtype: 'float32', values: [1] });
      changes.push(`with ${name}`);
    }
  }
  return { inputs: call.isList ? Object.values(inputs) : inputs, attributes, changes };
}
