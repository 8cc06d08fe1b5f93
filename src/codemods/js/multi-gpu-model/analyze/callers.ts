/** The calls of a function whose parameter is wrapped, when all of them are in this file. Pure. */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Substitutions } from '../assess/moved-expression.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { memberName, type Node, walk } from '../../syntax/syntax-tree.js';
import { USING_METHODS } from '../api-table.js';

import { isFunction } from './statement-list.js';

type FunctionNode = TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

/** One call, with what it gives for the parameters. */
export interface Caller {
  readonly call: TSESTree.CallExpression;
  readonly model: Node;
  readonly substitutions: Substitutions;
}

export interface Callers {
  readonly callee: FunctionNode;
  readonly calls: readonly Caller[];
  /** Whether the function compiles a model and trains none: then a call of it belongs inside the scope. */
  readonly compiles: boolean;
}

/** `undefined` when the function may also be called from elsewhere, or with arguments that cannot be seen. */
export function callersOf(parameter: Variable, source: JavaScriptSource, names: Names): Callers | undefined {
  const callee = parameter.defs[0]?.node as Node | undefined;
  if (callee === undefined || !isFunction(callee)) return undefined;
  const index = callee.params.findIndex(
    (each) => each.type === AST_NODE_TYPES.Identifier && parameter.identifiers.includes(each as never),
  );
  const named = namedBy(callee, names);
  if (index === -1 || named === undefined) return undefined;
  const calls: Caller[] = [];
  for (const reference of names.referencesTo(named)) {
    if (reference.init) continue;
    const use = reference.identifier as Node;
    const call = use.parent;
    if (call?.type !== AST_NODE_TYPES.CallExpression || call.callee !== use) return undefined;
    const model = call.arguments[index];
    if (model === undefined || call.arguments.some(({ type }) => type === AST_NODE_TYPES.SpreadElement))
      return undefined;
    calls.push({ call, model, substitutions: substitutionsAt(call, callee, names) });
  }
  return { callee, calls, compiles: compilesOnly(callee, source) };
}

/** The variable that a function is known by, unless the function or the variable is exported. */
function namedBy(callee: FunctionNode, names: Names): Variable | undefined {
  if (callee.type === AST_NODE_TYPES.FunctionDeclaration) {
    if (
      callee.parent.type === AST_NODE_TYPES.ExportNamedDeclaration ||
      callee.parent.type === AST_NODE_TYPES.ExportDefaultDeclaration
    )
      return undefined;
    return names.declaredBy(callee).find(({ name }) => name === callee.id?.name);
  }
  const declarator = callee.parent;
  if (declarator.type !== AST_NODE_TYPES.VariableDeclarator || declarator.init !== callee) return undefined;
  if (declarator.parent.kind !== 'const' || declarator.parent.parent.type === AST_NODE_TYPES.ExportNamedDeclaration)
    return undefined;
  return names.declaredBy(declarator)[0];
}

function substitutionsAt(call: TSESTree.CallExpression, callee: FunctionNode, names: Names): Substitutions {
  const substitutions = new Map<Variable, Node | undefined>();
  callee.params.forEach((parameter, index) => {
    const target = parameter.type === AST_NODE_TYPES.AssignmentPattern ? parameter.left : parameter;
    if (target.type !== AST_NODE_TYPES.Identifier) return;
    const variable = names.declaredBy(callee).find(({ identifiers }) => identifiers.includes(target as never));
    const fallback = parameter.type === AST_NODE_TYPES.AssignmentPattern ? parameter.right : undefined;
    if (variable !== undefined) substitutions.set(variable, call.arguments[index] ?? fallback);
  });
  return substitutions;
}

function compilesOnly(callee: FunctionNode, source: JavaScriptSource): boolean {
  let compiles = false;
  let uses = false;
  walk(callee.body, source.visitorKeys, (node) => {
    if (node.type === AST_NODE_TYPES.AwaitExpression) uses = true;
    if (node.type !== AST_NODE_TYPES.CallExpression || node.callee.type !== AST_NODE_TYPES.MemberExpression) return;
    const name = memberName(node.callee) ?? '';
    if (name === 'compile') compiles = true;
    if (USING_METHODS.has(name)) uses = true;
  });
  return compiles && !uses;
}
