/**
 * Recognizes functions that do nothing but pass their parameters on: `(model, gpus) => multiGpuModel(model, gpus)`. A
 * call of one is a call of the other. Pure.
 */
import type { Origin, Origins } from '../origins/origin.js';
import type { FunctionNode, Node } from '../syntax/syntax-tree.js';
import type { FunctionsInFile } from '../values/functions-in-file.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { withoutAwait } from '../syntax/syntax-tree.js';

/** The origin of the function that an expression, or the function that it names, passes its parameters to. */
export function forwardedOrigin(expression: Node, origins: Origins, functions: FunctionsInFile): Origin | undefined {
  const forwarding = functions.calledBy(expression);
  const call = forwarding === undefined || forwarding.generator ? undefined : onlyCallOf(forwarding);
  if (forwarding === undefined || call === undefined || !passesParameters(forwarding, call)) return undefined;
  return origins.originOf(call.callee);
}

/** The call that a function returns, if the function has no other statement. */
function onlyCallOf({ body }: FunctionNode): TSESTree.CallExpression | undefined {
  let value: Node | null = body;
  if (body.type === AST_NODE_TYPES.BlockStatement) {
    const [statement, ...others] = body.body;
    if (others.length > 0 || statement?.type !== AST_NODE_TYPES.ReturnStatement) return undefined;
    value = statement.argument;
  }
  const inner = value === null ? undefined : withoutAwait(value);
  return inner?.type === AST_NODE_TYPES.CallExpression ? inner : undefined;
}

/** Whether the arguments are the parameters, all of them, in their order and without default values. */
function passesParameters({ params }: FunctionNode, { arguments: given }: TSESTree.CallExpression): boolean {
  const isSame = (parameter: Node, argument: Node | undefined): boolean =>
    parameter.type === AST_NODE_TYPES.Identifier &&
    argument?.type === AST_NODE_TYPES.Identifier &&
    argument.name === parameter.name;
  return given.length === params.length && params.every((parameter, index) => isSame(parameter, given[index]));
}
