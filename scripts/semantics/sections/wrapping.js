/** Writes the statements that wrap the template. */
import { block } from '../text.js';

/** @import { Count } from './counting.js' */
/** @import { WrapImport } from './importing.js' */
/** @import { Choices } from '../choices-table.js' */

/**
 * The name of the wrapped model.
 * @param {Choices} choices - The choices of the program.
 * @param {string} model - The name of the template.
 * @returns {string} The name of the template, or another one beside it.
 */
export function wrappedName({ wrap, container }, model) {
  if (wrap === 'same-name' || wrap === 'branch-same-name') return model;
  return container === 'class' ? 'self.parallel_model' : 'parallel_model';
}

/**
 * The statements that wrap.
 * @param {Choices} choices - The choices of the program.
 * @param {WrapImport} wrapImport - How the function is called.
 * @param {Pick<Count, 'argument' | 'number'>} count - The number of GPUs.
 * @param {{ model: string, wrapped: string }} names - The template and the wrapped model.
 * @returns {string[]} Statements.
 */
export function wrappingLines(choices, { callee, beforeWrap, inBranch }, { argument, number }, { model, wrapped }) {
  const given = argument === undefined ? [] : [choices.argument === 'positional' ? argument : `gpus=${argument}`];
  if (choices.argument === 'cpu-merge') given.push('cpu_merge=False');
  const call = `${callee}(${[model, ...given].join(', ')})`;
  const wraps = [...inBranch, `${wrapped} = ${call}`];
  const plain = [`${wrapped} = ${model}`];
  const several = `if ${number} > 1:`;
  const lines = () => {
    switch (choices.wrap) {
      case 'branch':
        return [...plain, ...block(several, wraps)];
      case 'branch-else':
        return [...block(several, wraps), ...block('else:', plain)];
      case 'branch-same-name':
        return block(several, wraps);
      case 'conditional-expression':
        return [...inBranch, `${wrapped} = ${call} if ${number} > 1 else ${model}`];
      case 'try':
        return [...block('try:', [...wraps, "print('several GPUs')"]), ...block('except ValueError:', plain)];
      case 'not-none':
        return [...block(`if ${number} > 1 and ${callee} is not None:`, wraps), ...block('else:', plain)];
      default:
        return wraps;
    }
  };
  return [...beforeWrap, ...lines()];
}
