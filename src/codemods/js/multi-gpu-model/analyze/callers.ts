/** Finds the calls of a function that wraps its parameter, if this file contains all of them. Pure. */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { OUTSIDE_SCOPE } from '../../lifecycle/vocabulary-table.js';
import { containsNode, type FunctionNode, isFunction, memberName, type Node } from '../../syntax/syntax-tree.js';

/** The value of each parameter of a function at one call; `undefined` for a missing argument. */
export type Substitutions = ReadonlyMap<Variable, Node | undefined>;

/** One call of the function. */
export interface Caller {
  readonly call: TSESTree.CallExpression;
  readonly model: Node;
  readonly substitutions: Substitutions;
}

export interface Callers {
  readonly callee: FunctionNode;
  readonly calls: readonly Caller[];
  /** Whether the function compiles a model and trains none, so that its calls belong inside the scope. */
  readonly compiles: boolean;
}

/** The callers of a parameter's function; `undefined` if other code may call it, or if arguments are unknown. */
export function callersOf(parameter: Variable, source: JavaScriptSource, names: Names): Callers | undefined {
  const callee: Node | undefined = parameter.defs[0]?.node;
  if (callee === undefined || !isFunction(callee)) return undefined;
  const index = callee.params.findIndex((each) => parameter.identifiers.some((identifier) => identifier === each));
  const functionVariable = variableOfFunction(callee, names);
  if (index === -1 || functionVariable === undefined) return undefined;
  const calls: Caller[] = [];
  for (const { identifier, init } of names.referencesTo(functionVariable)) {
    if (init === true) continue;
    const call: Node | undefined = identifier.parent;
    if (call.type !== AST_NODE_TYPES.CallExpression || call.callee !== identifier) return undefined;
    const model = call.arguments[index];
    if (model === undefined || call.arguments.some(({ type }) => type === AST_NODE_TYPES.SpreadElement))
      return undefined;
    calls.push({ call, model, substitutions: substitutionsAt(call, callee, names) });
  }
  return { callee, calls, compiles: compilesOnly(callee, source) };
}

/** The variable that holds a function, unless the file exports it. */
function variableOfFunction(callee: FunctionNode, names: Names): Variable | undefined {
  if (callee.type === AST_NODE_TYPES.FunctionDeclaration) {
    if (
      callee.parent.type === AST_NODE_TYPES.ExportNamedDeclaration ||
      callee.parent.type === AST_NODE_TYPES.ExportDefaultDeclaration
    )
      return undefined;
    return callee.id === null ? undefined : names.declaredAs(callee.id, callee);
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
    const fallback = parameter.type === AST_NODE_TYPES.AssignmentPattern ? parameter.right : undefined;
    const variable = names.declaredAs(target, callee);
    if (variable !== undefined) substitutions.set(variable, call.arguments[index] ?? fallback);
  });
  return substitutions;
}

function compilesOnly({ body }: FunctionNode, { visitorKeys }: JavaScriptSource): boolean {
  const uses = containsNode(
    body,
    visitorKeys,
    (node) => node.type === AST_NODE_TYPES.AwaitExpression || OUTSIDE_SCOPE.has(methodCalledBy(node)),
  );
  return !uses && containsNode(body, visitorKeys, (node) => methodCalledBy(node) === 'compile');
}

function methodCalledBy(node: Node): string {
  if (node.type !== AST_NODE_TYPES.CallExpression || node.callee.type !== AST_NODE_TYPES.MemberExpression) return '';
  return memberName(node.callee) ?? '';
}
