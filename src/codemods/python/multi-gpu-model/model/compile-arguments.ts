/** Reads what a `compile` call receives, also through a dictionary that `**` passes on. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { assignmentOf, callArguments } from '../../analysis/statements.js';
import { mentionsOf, reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { childByField, namedChildren, type PyNode } from '../../syntax/node.js';

/** The parameters that may be given by position. */
const PARAMETERS = ['optimizer', 'loss', 'metrics'];

/** The values that a parameter of `compile` may get. */
export function valuesOf(module: PythonModule, compile: PyNode, parameter: string): PyNode[] {
  return argumentsFor(module, compile, parameter, PARAMETERS.indexOf(parameter));
}

/** The values that a parameter of any function may get in a call; its position is -1 where only keywords count. */
export function argumentsFor(module: PythonModule, call: PyNode, parameter: string, position: number): PyNode[] {
  const { positional, keywords } = callArguments(module.source, call);
  const given = keywords.get(parameter) ?? positional[position];
  const spread = spreadIn(call).flatMap((splat) => namedChildren(splat));
  return [
    ...(given === undefined ? [] : [given]),
    ...spread.flatMap((expression) => valuesUnder(module, expression, parameter)),
  ];
}

/** The arguments of a call that stand for several: `*values`, `**options`. */
export function spreadIn(call: PyNode): PyNode[] {
  return namedChildren(childByField(call, 'arguments') ?? call).filter(({ type }) => /splat$/.test(type));
}

/** The values under a key of a dictionary: in a literal, in `dict(…)`, or assigned to the key of a variable. */
function valuesUnder(module: PythonModule, expression: PyNode, key: string): PyNode[] {
  const { source } = module;
  const isKey = (node: PyNode | undefined): boolean =>
    node?.type === 'string' && source.textOf(node).replaceAll(/^['"]|['"]$/g, '') === key;
  if (expression.type === 'call') {
    const value = callArguments(source, expression).keywords.get(key);
    return value === undefined ? [] : [value];
  }
  if (expression.type === 'dictionary')
    return namedChildren(expression).flatMap((pair) => {
      const value = isKey(childByField(pair, 'key')) ? childByField(pair, 'value') : undefined;
      return value === undefined ? [] : [value];
    });
  const variable = expression.type === 'identifier' ? variableOf(module, expression) : undefined;
  if (variable === undefined) return [];
  const assigned = reachingDefinitions(module, variable, expression).flatMap((definition) => {
    const value = assignmentOf(definition)?.right;
    return value === undefined || value.type === 'identifier' ? [] : valuesUnder(module, value, key);
  });
  const added = mentionsOf(module, variable, source.root).flatMap(({ parent, field }) => {
    if (parent?.type !== 'subscript' || field !== 'value' || parent.field !== 'left') return [];
    const item = isKey(childByField(parent, 'subscript')) ? parent.parent : undefined;
    const value = item === undefined ? undefined : childByField(item, 'right');
    return value === undefined ? [] : [value];
  });
  return [...assigned, ...added];
}
