/**
 * Follows a value through one file, through variables, `this` fields, returns, awaits and parameters, to the methods
 * that code calls on it. Reports `escapes` if it cannot follow the value. Pure.
 */
import type { Names } from '../syntax/names.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isFunction, isTransparentWrapper, keyName, memberName, type Node } from '../syntax/syntax-tree.js';
import { enclosingClassBody, enclosingFunction, type FunctionsInFile } from '../values/functions-in-file.js';

/** `value.name(…)`. */
export interface MethodCall {
  readonly name: string;
  readonly call: TSESTree.CallExpression;
  /** The expression that the method is called on. */
  readonly receiver: Node;
}

export interface ValueUses {
  readonly methodCalls: readonly MethodCall[];
  /** Whether unknown code may use the value too. */
  readonly escapes: boolean;
}

/** Follows the value of an expression through its file. */
export function followValue(start: Node, names: Names, functions: FunctionsInFile): ValueUses {
  const methodCalls: MethodCall[] = [];
  const seen = new Set<Node>();
  const pending: Node[] = [start];
  let escapes = false;

  const followName = (identifier: Node, declaration: Node): void => {
    if (identifier.type !== AST_NODE_TYPES.Identifier) {
      escapes = true;
      return;
    }
    const variable =
      names.variableOf(identifier) ??
      names.declaredBy(declaration).find((each) => each.identifiers.includes(identifier));
    if (variable === undefined) {
      escapes = true;
      return;
    }
    if (isExported(declaration)) escapes = true;
    for (const reference of names.referencesTo(variable)) if (reference.isRead()) pending.push(reference.identifier);
  };

  const followReturn = (node: Node): void => {
    const inside = node.type === AST_NODE_TYPES.ReturnStatement ? enclosingFunction(node) : undefined;
    const returning = inside ?? (isFunction(node) ? node : undefined);
    if (returning === undefined) return;
    const uses = functions.usesOf(returning);
    for (const call of uses.calls) if (call.type === AST_NODE_TYPES.CallExpression) pending.push(call);
    // `scope(fn)`, `tidy(fn)` and `then(fn)` return what fn returns.
    pending.push(...uses.passedTo);
    if (uses.escapes) escapes = true;
  };

  const followArgument = (call: TSESTree.CallExpression, argument: Node): void => {
    const called = functions.calledBy(call.callee);
    const index = call.arguments.indexOf(argument as TSESTree.CallExpressionArgument);
    const parameter = called?.params[index];
    const spread = call.arguments.slice(0, index).some((each) => each.type === AST_NODE_TYPES.SpreadElement);
    if (called === undefined || parameter === undefined || spread) escapes = true;
    else followName(parameter, called);
  };

  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const { parent } = node;
    if (parent === undefined) continue;
    if (isTransparentWrapper(parent, node)) {
      pending.push(parent);
      continue;
    }
    switch (parent.type) {
      case AST_NODE_TYPES.AwaitExpression:
      case AST_NODE_TYPES.LogicalExpression:
        pending.push(parent);
        break;
      case AST_NODE_TYPES.ConditionalExpression:
        if (parent.test !== node) pending.push(parent);
        break;
      case AST_NODE_TYPES.VariableDeclarator:
        followName(parent.id, parent);
        break;
      case AST_NODE_TYPES.AssignmentExpression:
        if (parent.right !== node) break;
        pending.push(parent);
        if (parent.left.type === AST_NODE_TYPES.Identifier) followName(parent.left, parent);
        else if (!followField(thisFieldName(parent.left), parent, functions, pending)) escapes = true;
        break;
      case AST_NODE_TYPES.PropertyDefinition:
        if (!followField(keyName(parent), parent, functions, pending)) escapes = true;
        break;
      case AST_NODE_TYPES.MemberExpression: {
        if (parent.object !== node) break;
        const name = memberName(parent);
        const call = parent.parent;
        if (name !== undefined && call.type === AST_NODE_TYPES.CallExpression && call.callee === parent) {
          const callback = call.arguments[0];
          if (name === 'then' && callback !== undefined && isFunction(callback) && callback.params[0] !== undefined) {
            followName(callback.params[0], callback);
          } else methodCalls.push({ name, call, receiver: node });
        } else if (name === undefined || name === 'scope') escapes = true;
        break;
      }
      case AST_NODE_TYPES.ReturnStatement:
        followReturn(parent);
        break;
      case AST_NODE_TYPES.ArrowFunctionExpression:
        if (parent.body === node) followReturn(parent);
        break;
      case AST_NODE_TYPES.CallExpression:
        if (parent.callee !== node) followArgument(parent, node);
        break;
      case AST_NODE_TYPES.ExpressionStatement:
      case AST_NODE_TYPES.IfStatement:
      case AST_NODE_TYPES.UnaryExpression:
      case AST_NODE_TYPES.BinaryExpression:
        break;
      default:
        escapes = true;
    }
  }
  return { methodCalls, escapes };
}

/** Follows a field to every `this.field` of its class; `false` if other code may read the field too. */
function followField(name: string | undefined, written: Node, functions: FunctionsInFile, pending: Node[]): boolean {
  const owner = enclosingClassBody(written);
  if (name === undefined || owner === undefined) return false;
  const members = functions.membersNamed(name);
  const own = members.filter((each) => isThisField(each) && enclosingClassBody(each) === owner);
  pending.push(...own.filter((each) => !isWritten(each)));
  return own.length === members.length;
}

function thisFieldName(target: Node): string | undefined {
  return target.type === AST_NODE_TYPES.MemberExpression && isThisField(target) ? memberName(target) : undefined;
}

function isThisField(node: TSESTree.MemberExpression): boolean {
  return node.object.type === AST_NODE_TYPES.ThisExpression;
}

function isWritten(node: Node): boolean {
  return node.parent?.type === AST_NODE_TYPES.AssignmentExpression && node.parent.left === node;
}

function isExported(declaration: Node): boolean {
  return declaration.parent?.parent?.type === AST_NODE_TYPES.ExportNamedDeclaration;
}
