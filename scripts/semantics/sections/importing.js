/** Writes how a program imports `multi_gpu_model`. */
import { block } from '../text.js';

/** @import { Program } from '../program.js' */

/**
 * @typedef {object} WrapImport How the function is imported and called.
 * @property {string} callee - An expression for the function.
 * @property {string[]} above - Statements below the other imports.
 * @property {string[]} beforeWrap - Statements before the wrap.
 * @property {string[]} inBranch - Statements in the branch that wraps.
 */

/**
 * Chooses the import.
 * @param {Program} program - Gets the imports of modules.
 * @returns {WrapImport} The import.
 */
export function writeWrapImport(program) {
  const { keras, importForm } = program.choices;
  const line = `from ${program.package}.utils import multi_gpu_model`;
  const plain = { callee: 'multi_gpu_model', above: [line], beforeWrap: [], inBranch: [] };
  switch (importForm) {
    case 'alias':
      return { ...plain, callee: 'make_parallel', above: [`${line} as make_parallel`] };
    case 'module':
      return {
        ...plain,
        callee: 'keras_utils.multi_gpu_model',
        above: [`from ${program.package} import utils as keras_utils`],
      };
    case 'attribute':
      if (keras === 'tf.keras')
        return { ...plain, callee: `${program.tensorflow()}.keras.utils.multi_gpu_model`, above: [] };
      program.import(keras === 'keras' ? 'import keras' : 'from tensorflow import keras');
      return { ...plain, callee: 'keras.utils.multi_gpu_model', above: [] };
    case 'training-utils':
      return { ...plain, above: [`from ${program.package}.utils.training_utils import multi_gpu_model`] };
    case 'private':
      return { ...plain, above: ['from tensorflow.python.keras.utils.multi_gpu_utils import multi_gpu_model'] };
    case 'private-contrib':
      return {
        ...plain,
        above: ['from tensorflow.contrib.keras.python.keras.utils.training_utils import multi_gpu_model'],
      };
    case 'several':
      return { ...plain, above: [`from ${program.package}.utils import to_categorical, multi_gpu_model`] };
    case 'try-other-module':
      return {
        ...plain,
        above: [
          ...block('try:', [line]),
          ...block('except ImportError:', [`from ${program.package}.utils.training_utils import multi_gpu_model`]),
        ],
      };
    case 'try-none':
      return {
        ...plain,
        above: [...block('try:', [line]), ...block('except ImportError:', ['multi_gpu_model = None'])],
      };
    case 'late':
    case 'local':
      return { ...plain, above: [], beforeWrap: [line] };
    case 'guarded':
      return { ...plain, above: [], inBranch: [line] };
    default:
      return plain;
  }
}
