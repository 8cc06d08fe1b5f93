/** Writes how a program names the number of its GPUs. */
import { block } from '../text.js';

/** @import { Program } from '../program.js' */

/**
 * @typedef {object} Count The number of GPUs, as a program names it.
 * @property {string[]} above - Statements at the top of the program.
 * @property {string[]} between - Statements between building and wrapping.
 * @property {string | undefined} argument - The argument of `multi_gpu_model`; none means all GPUs.
 * @property {string} number - An expression for the number.
 * @property {string | undefined} parameter - A default for a function parameter that holds the number.
 */

/**
 * Chooses the statements and expressions.
 * @param {Program} program - Gets imports and definitions.
 * @returns {Count} The count.
 */
export function writeCount(program) {
  const count = { above: [], between: [], argument: '2', number: '2', parameter: undefined };
  const named = (/** @type {string[]} */ above, /** @type {string} */ name) => ({
    ...count,
    above,
    argument: name,
    number: name,
  });
  switch (program.choices.count) {
    case 'list':
      return { ...count, argument: '[0, 1]' };
    case 'constant':
      return named(['GPUS = 2'], 'GPUS');
    case 'constant-list':
      return { ...count, above: ['GPUS = [0, 1]'], argument: 'GPUS', number: 'len(GPUS)' };
    case 'length':
      return { ...count, above: ["devices = '0,1'.split(',')"], argument: 'len(devices)', number: 'len(devices)' };
    case 'argparse':
      program.import('import argparse');
      return named(
        [
          'parser = argparse.ArgumentParser()',
          "parser.add_argument('--gpus', type=int, default=2)",
          'args = parser.parse_args()',
        ],
        'args.gpus',
      );
    case 'omitted':
      return { ...count, argument: undefined };
    case 'keyword-none':
      return { ...count, argument: 'None' };
    case 'environment':
      program.import('import os');
      return named(["gpus = int(os.environ.get('TRAINING_GPUS', '2'))"], 'gpus');
    case 'class-attribute':
      program.define(block('class Config(object):', ['gpus = 2', "name = 'small'"]));
      return named([], 'Config.gpus');
    case 'dictionary':
      return named(["config = {'gpus': 2, 'units': 5}"], "config['gpus']");
    case 'after-build':
      return { ...count, between: ["count = len('01')"], argument: 'count', number: 'count' };
    case 'parameter':
      return { ...count, argument: 'gpus', number: 'gpus', parameter: '2' };
    default:
      return count;
  }
}
