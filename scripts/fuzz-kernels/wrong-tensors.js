/** Tensors whose values do not fit their shape or type, made below the checks of tfjs's own operations. */
import * as tf from '@tensorflow/tfjs';

import { choose } from './choose.js';
import { LYING_SHAPES, ODD_SHAPES } from './odd-values-table.js';

/** @import { Random } from '../semantics/random.js' */

/** Values of a tensor. */
const VALUES = [
  [],
  [1],
  [1, 2, 3],
  ['text'],
  [new Uint8Array([1])],
  [new Uint8Array(0), new Uint8Array(1000)],
  [undefined],
  [null],
  new Float32Array(4),
  new Int32Array(4),
  new Uint8Array(4),
  new Float64Array(4),
  undefined,
  'text',
  7,
];

const TYPES = ['float32', 'int32', 'bool', 'string', 'complex64', 'float16', 'int64', '', undefined];

/**
 * @param {Random} random - Chooses.
 * @returns {{ changes: string[], call: () => unknown }} Makes the tensor and moves it to TensorFlow.
 */
export function wrongTensor(random) {
  const values = choose(random, VALUES);
  const shape = choose(random, [...LYING_SHAPES, ...ODD_SHAPES, [1000], [4], [2, 2]]);
  const dtype = choose(random, TYPES);
  return {
    changes: [`${String(values)} as ${String(dtype)} [${shape.join()}]`],
    call: () => {
      const tensor = tf
        .engine()
        .makeTensor(/** @type {never} */ (values), /** @type {never} */ (shape), /** @type {never} */ (dtype));
      return tf.engine().runKernel('Reshape', { x: tensor }, { shape: [-1] });
    },
  };
}
