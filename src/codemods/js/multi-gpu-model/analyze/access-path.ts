/** Where a model is kept: a variable, or a member such as `this.model`; and every use of that place. Pure. */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isTransparentWrapper, memberName, type Node, unwrap, walk } from '../../syntax/syntax-tree.js';

/** A place by identity, so that a name that shadows another is another place. */
export interface Place {
  /** How the code writes it: `model`, `this.model`. */
  readonly text: string;
  /** The variable, or the variable that the member chain starts at; `undefined` for `this`. */
  readonly variable: Variable | undefined;
  /** Members after it; empty for a plain variable. */
  readonly members: readonly string[];
  /** For `this.…`: the class or function whose `this` is meant. */
  readonly owner: Node | undefined;
}

/** What is done with a place at one use. */
export interface PlaceUse {
  readonly place: Place;
  /** The identifier or member expression. */
  readonly node: Node;
  readonly isWrite: boolean;
  /** The value that is written, where it can be seen. */
  readonly written: Node | undefined;
  /** The member that is read off it: `fit` in `model.fit(…)`. */
  readonly member: string | undefined;
  /** The call of that member. */
  readonly call: TSESTree.CallExpression | undefined;
}

/** The place that an expression denotes, if it is one. */
export function placeOf(node: Node, names: Names): Place | undefined {
  const members: string[] = [];
  let current = unwrap(node);
  while (current.type === AST_NODE_TYPES.MemberExpression) {
    const name =
      current.property.type === AST_NODE_TYPES.PrivateIdentifier ? `#${current.property.name}` : memberName(current);
    if (name === undefined) return undefined;
    members.unshift(name);
    current = unwrap(current.object);
  }
  if (current.type === AST_NODE_TYPES.ThisExpression && members.length > 0) {
    return { text: ['this', ...members].join('.'), variable: undefined, members, owner: thisOwner(current) };
  }
  if (current.type !== AST_NODE_TYPES.Identifier) return undefined;
  const variable = names.variableOf(current);
  if (variable === undefined) return undefined;
  return { text: [current.name, ...members].join('.'), variable, members, owner: undefined };
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.variable === b.variable && a.owner === b.owner && a.members.join('.') === b.members.join('.');
}

/** Every use of a place in the file, in source order. */
export function usesOf(place: Place, source: JavaScriptSource, names: Names): PlaceUse[] {
  if (place.variable !== undefined && place.members.length === 0) {
    const uses: PlaceUse[] = [];
    const seen = new Set<Node>();
    for (const reference of names.referencesTo(place.variable)) {
      const node = reference.identifier as Node;
      if (seen.has(node)) continue;
      seen.add(node);
      uses.push(useAt(place, node, reference.isWrite(), (reference.writeExpr ?? undefined) as Node | undefined));
    }
    return uses;
  }
  const uses: PlaceUse[] = [];
  walk(source.ast, source.visitorKeys, (node) => {
    if (node.type !== AST_NODE_TYPES.MemberExpression) return;
    const found = placeOf(node, names);
    if (found === undefined || !isSamePlace(found, place)) return;
    const { parent } = node;
    const isTarget = parent.type === AST_NODE_TYPES.AssignmentExpression && parent.left === node;
    uses.push(useAt(place, node, isTarget, isTarget ? parent.right : undefined));
  });
  return uses.sort((a, b) => a.node.range[0] - b.node.range[0]);
}

/** The outermost node with the value of an expression: through `as`, `!` and `await`. */
export function outermostWithValue(node: Node): Node {
  let current = node;
  for (let parent = current.parent; parent !== undefined; parent = current.parent) {
    if (!isTransparentWrapper(parent, current) && parent.type !== AST_NODE_TYPES.AwaitExpression) break;
    current = parent;
  }
  return current;
}

function useAt(place: Place, node: Node, isWrite: boolean, written: Node | undefined): PlaceUse {
  let member: string | undefined;
  let call: TSESTree.CallExpression | undefined;
  const object = outermostWithValue(node);
  const access = object.parent;
  if (access?.type === AST_NODE_TYPES.MemberExpression && access.object === object) {
    member = memberName(access);
    if (access.parent.type === AST_NODE_TYPES.CallExpression && access.parent.callee === access) call = access.parent;
  }
  return { place, node, isWrite, written, member, call };
}

function thisOwner(node: Node): Node {
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
