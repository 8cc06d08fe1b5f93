/** Finds the calls of a function that receives a model. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { parameterName } from '../../analysis/scopes.js';
import { callArguments } from '../../analysis/statements.js';
import { type Variable, variableOf } from '../../analysis/variables.js';
import { childByField, contains, namedChildren, type PyNode } from '../../syntax/node.js';

/** One call of the function. */
export interface Caller {
  readonly call: PyNode;
  readonly model: PyNode;
  readonly variable: Variable;
  /** The value of every parameter: an argument, or the default. */
  readonly arguments: ReadonlyMap<string, PyNode>;
}

/**
 * All calls of a function.
 *
 * @param module - The file.
 * @param definition - The function.
 * @param name - Its name.
 * @param parameter - The parameter that receives the model.
 * @returns Empty unless every use of the function is a plain call with a named model.
 */
export function callersOf(module: PythonModule, definition: PyNode, name: PyNode, parameter: string): Caller[] {
  const binding = module.scopes.bindingOf(name);
  if (binding === undefined || binding.writes.length !== 1) return [];
  const parameters = namedChildren(childByField(definition, 'parameters') ?? definition);
  if (parameters.some(({ type }) => /splat/.test(type))) return [];
  const callers = binding.reads.map((read): Caller | undefined => {
    const call = read.parent?.type === 'call' && read.field === 'function' ? read.parent : undefined;
    const values = call === undefined || contains(definition, call) ? undefined : valuesOf(module, parameters, call);
    const model = values?.get(parameter);
    const variable = model?.type === 'identifier' ? variableOf(module, model) : undefined;
    return call === undefined || values === undefined || model === undefined || variable === undefined
      ? undefined
      : { call, model, variable, arguments: values };
  });
  return callers.every((caller) => caller !== undefined) ? callers : [];
}

/** The value of every parameter in one call; undefined when `*` or `**` hides some. */
function valuesOf(
  module: PythonModule,
  parameters: readonly PyNode[],
  call: PyNode,
): ReadonlyMap<string, PyNode> | undefined {
  const { source } = module;
  const { positional, keywords, spread } = callArguments(source, call);
  if (spread) return undefined;
  const names = parameters.map(parameterName).map((node) => (node === undefined ? '' : source.textOf(node)));
  const values = new Map(keywords);
  positional.forEach((value, index) => values.set(names[index] ?? '', value));
  for (const parameter of parameters) {
    const name = childByField(parameter, 'name');
    const value = childByField(parameter, 'value');
    if (name !== undefined && value !== undefined && !values.has(source.textOf(name)))
      values.set(source.textOf(name), value);
  }
  return values;
}
