/** Where a model is stored: a variable, or a member such as `this.model`; and every use of that path. Pure. */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { memberName, type Node, outermostWithValue, unwrap, walk } from '../../syntax/syntax-tree.js';

/** A variable or `this`, and the members read from it. Compared by identity, so shadowed names never mix. */
export interface AccessPath {
  /** The path as the code writes it: `model`, `this.model`. */
  readonly text: string;
  /** The variable at the start of the path; `undefined` for `this`. */
  readonly variable: Variable | undefined;
  /** The members after it; empty for a plain variable. */
  readonly members: readonly string[];
  /** For `this.…`: the class or function whose `this` it is. */
  readonly owner: Node | undefined;
}

/** One use of an access path. */
export interface PathUse {
  readonly path: AccessPath;
  /** The identifier or member expression. */
  readonly node: Node;
  readonly isWrite: boolean;
  /** The assigned value, if it is known. */
  readonly written: Node | undefined;
  /** The member that the use reads: `fit` in `model.fit(…)`. */
  readonly member: string | undefined;
  /** The call of that member. */
  readonly call: TSESTree.CallExpression | undefined;
}

/** The access path of a plain variable. */
export function pathOfVariable(variable: Variable): AccessPath {
  return { text: variable.name, variable, members: [], owner: undefined };
}

/** The access path that an expression reads, if it has that form. */
export function accessPathOf(node: Node, names: Names): AccessPath | undefined {
  const members: string[] = [];
  let current = unwrap(node);
  while (current.type === AST_NODE_TYPES.MemberExpression) {
    const name =
      current.property.type === AST_NODE_TYPES.PrivateIdentifier ? `#${current.property.name}` : memberName(current);
    if (name === undefined) return undefined;
    members.unshift(name);
    current = unwrap(current.object);
  }
  if (current.type === AST_NODE_TYPES.ThisExpression && members.length > 0)
    return { text: ['this', ...members].join('.'), variable: undefined, members, owner: ownerOfThis(current) };
  if (current.type !== AST_NODE_TYPES.Identifier) return undefined;
  const variable = names.variableOf(current);
  if (variable === undefined) return undefined;
  return { text: [current.name, ...members].join('.'), variable, members, owner: undefined };
}

/** The variable of a path without members. */
export function plainVariable(path: AccessPath | undefined): Variable | undefined {
  return path?.members.length === 0 ? path.variable : undefined;
}

export function isSamePath(a: AccessPath, b: AccessPath): boolean {
  return a.variable === b.variable && a.owner === b.owner && a.members.join('.') === b.members.join('.');
}

/** Every use of a path in the file, in source order. */
export function usesOf(path: AccessPath, source: JavaScriptSource, names: Names): PathUse[] {
  const variable = plainVariable(path);
  return variable === undefined ? memberUses(path, source, names) : variableUses(path, variable, names);
}

function variableUses(path: AccessPath, variable: Variable, names: Names): PathUse[] {
  const uses = new Map<Node, PathUse>();
  for (const reference of names.referencesTo(variable)) {
    const node: Node = reference.identifier;
    // A declaration with a default value has two references to the same identifier; the first one decides.
    if (!uses.has(node)) uses.set(node, useAt(path, node, reference.isWrite(), reference.writeExpr ?? undefined));
  }
  return [...uses.values()];
}

function memberUses(path: AccessPath, source: JavaScriptSource, names: Names): PathUse[] {
  const uses: PathUse[] = [];
  walk(source.ast, source.visitorKeys, (node) => {
    if (node.type !== AST_NODE_TYPES.MemberExpression) return;
    const found = accessPathOf(node, names);
    if (found === undefined || !isSamePath(found, path)) return;
    const { parent } = node;
    const assignment = parent.type === AST_NODE_TYPES.AssignmentExpression && parent.left === node ? parent : undefined;
    uses.push(useAt(path, node, assignment !== undefined, assignment?.right));
  });
  return uses.sort((a, b) => a.node.range[0] - b.node.range[0]);
}

function useAt(path: AccessPath, node: Node, isWrite: boolean, written: Node | undefined): PathUse {
  const access = memberAccessOf(node);
  const call = access?.parent;
  const isCalled = call?.type === AST_NODE_TYPES.CallExpression && call.callee === access;
  const member = access === undefined ? undefined : memberName(access);
  return { path, node, isWrite, written, member, call: isCalled ? call : undefined };
}

/** The name of the member that code reads from the value of a node: `fit` in `parallelize(model).fit(…)`. */
export function memberReadFrom(node: Node): string | undefined {
  const access = memberAccessOf(node);
  return access === undefined ? undefined : memberName(access);
}

function memberAccessOf(node: Node): TSESTree.MemberExpression | undefined {
  const object = outermostWithValue(node);
  const access = object.parent;
  return access?.type === AST_NODE_TYPES.MemberExpression && access.object === object ? access : undefined;
}

function ownerOfThis(node: Node): Node {
  let current: Node = node;
  while (current.parent !== undefined) {
    current = current.parent;
    if (current.type === AST_NODE_TYPES.ClassBody) return current;
    if (current.type === AST_NODE_TYPES.FunctionDeclaration) return current;
    if (current.type === AST_NODE_TYPES.FunctionExpression && current.parent.type !== AST_NODE_TYPES.MethodDefinition)
      return current;
  }
  return current;
}
