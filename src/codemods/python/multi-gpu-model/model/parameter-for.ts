/** Matches an argument of a call with the parameter that receives it. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { CallArguments } from '../../analysis/statements.js';
import type { NamedModel } from './named-model.js';

import { parameterName } from '../../analysis/scopes.js';
import { variableOf } from '../../analysis/variables.js';
import { childByField, namedChildren, type PyNode } from '../../syntax/node.js';

/**
 * The parameter that receives an argument.
 *
 * @param module - The file of the function.
 * @param definition - The function.
 * @param arguments_ - All arguments of the call.
 * @param argument - One of them.
 * @param skipped - How many parameters come before the first argument: 1 for a method, because of `self`.
 * @returns Undefined when `*` or `**` leaves it open.
 */
export function parameterFor(
  module: PythonModule,
  definition: PyNode,
  arguments_: CallArguments,
  argument: PyNode,
  skipped: number,
): NamedModel | undefined {
  const { positional, keywords } = arguments_;
  const list = namedChildren(childByField(definition, 'parameters') ?? definition);
  const named = list.map((parameter) => (SPLAT.test(parameter.type) ? undefined : parameterName(parameter)));
  const keyword = [...keywords].find(([, value]) => value === argument)?.[0];
  if (
    keyword === undefined &&
    namedChildren(argument.parent ?? argument).some(
      ({ type, start }) => type === 'list_splat' && start < argument.start,
    )
  )
    return undefined;
  const index = positional.indexOf(argument) + skipped;
  const collecting = list.findIndex(({ type }) => type === 'list_splat_pattern');
  const byPosition = collecting === -1 || index < collecting ? named[index] : undefined;
  const parameter =
    keyword === undefined
      ? byPosition
      : named.find((name) => name !== undefined && module.source.textOf(name) === keyword);
  const variable = parameter === undefined ? undefined : variableOf(module, parameter);
  return variable === undefined ? undefined : { variable, body: definition };
}

const SPLAT = /^(list|dictionary)_splat_pattern$/;
