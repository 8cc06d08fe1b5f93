/**
 * Basic operations on an ESTree: walk it, read a member's name, skip wrappers that keep a value.
 * Knows nothing about modules or migrations. Pure, except that `linkParents` sets `parent`.
 */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

export type Node = TSESTree.Node;

/** For each node type, the properties that hold child nodes, in source order. */
export type VisitorKeys = Readonly<Record<string, readonly string[] | undefined>>;

/** A function of any form that has statements or an expression as its body. */
export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

/** Tells function declarations, function expressions and arrow functions from other nodes. */
export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === AST_NODE_TYPES.FunctionDeclaration ||
    node.type === AST_NODE_TYPES.FunctionExpression ||
    node.type === AST_NODE_TYPES.ArrowFunctionExpression
  );
}

/** Whether one node is inside another, or is that node. */
export function isInside(node: Node, outer: Node): boolean {
  return outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1];
}

/** The child nodes of a node in source order. */
export function childrenOf(node: Node, visitorKeys: VisitorKeys): Node[] {
  const children: Node[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const value: unknown = Reflect.get(node, key);
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) {
      children.push(value);
    }
  }
  return children;
}

/** Visits a node and all nodes below it in source order. */
export function walk(root: Node, visitorKeys: VisitorKeys, visit: (node: Node) => void): void {
  walkInto(root, visitorKeys, (node) => {
    visit(node);
    return true;
  });
}

/**
 * Visits a node and nodes below it in source order. Not recursive, because minified code nests deeply.
 *
 * @param root - Where to start.
 * @param visitorKeys - Which properties hold child nodes.
 * @param enter - Visits a node and returns whether to visit its children too.
 */
export function walkInto(root: Node, visitorKeys: VisitorKeys, enter: (node: Node) => boolean): void {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    // Not as arguments of one call: a file can have more statements than a call takes arguments.
    if (enter(node)) for (const child of childrenOf(node, visitorKeys).reverse()) pending.push(child);
  }
}

/** Whether a node, or any node below it, matches. */
export function containsNode(root: Node, visitorKeys: VisitorKeys, matches: (node: Node) => boolean): boolean {
  let found = false;
  walkInto(root, visitorKeys, (node) => {
    found ||= matches(node);
    return !found;
  });
  return found;
}

/** Sets `parent` on every node that has none yet. ESLint has already set it in the trees that it passes. */
export function linkParents(root: Node, visitorKeys: VisitorKeys): void {
  walk(root, visitorKeys, (node) => {
    for (const child of childrenOf(node, visitorKeys)) {
      const unlinked: { parent?: Node } = child;
      // Some parsers define `parent` as a getter. An existing parent is right, so keep it.
      unlinked.parent ??= node;
    }
  });
}

/** The name that a member access reads, if it is static: `a.b`, `a['b']`, a[`b`]. */
export function memberName(node: TSESTree.MemberExpression): string | undefined {
  if (!node.computed) return node.property.type === AST_NODE_TYPES.Identifier ? node.property.name : undefined;
  return literalString(node.property);
}

/** The name of a property in an object literal, pattern or class, if it is static. */
export function keyName(node: { readonly key: Node; readonly computed: boolean }): string | undefined {
  if (!node.computed && node.key.type === AST_NODE_TYPES.Identifier) return node.key.name;
  return literalString(node.key);
}

/** The value of a string literal or of a template without expressions. */
export function literalString(node: Node): string | undefined {
  if (node.type === AST_NODE_TYPES.Literal && typeof node.value === 'string') return node.value;
  if (node.type === AST_NODE_TYPES.TemplateLiteral && node.expressions.length === 0) {
    return node.quasis[0]?.value.cooked ?? undefined;
  }
  return undefined;
}

/** The name in an import or export specifier, which may be written as a string. */
export function moduleExportName(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === AST_NODE_TYPES.Identifier ? node.name : node.value;
}

/** Whether the parent has the same value as this child: `x as T`, `x!`, `(0, x)`, the root of `a?.b`. */
export function isTransparentWrapper(parent: Node, child: Node): boolean {
  switch (parent.type) {
    case AST_NODE_TYPES.TSAsExpression:
    case AST_NODE_TYPES.TSSatisfiesExpression:
    case AST_NODE_TYPES.TSTypeAssertion:
    case AST_NODE_TYPES.TSNonNullExpression:
    case AST_NODE_TYPES.TSInstantiationExpression:
    case AST_NODE_TYPES.ChainExpression:
      return parent.expression === child;
    case AST_NODE_TYPES.SequenceExpression:
      return parent.expressions.at(-1) === child;
    default:
      return false;
  }
}

/** The expression without the wrappers that keep its value. */
export function unwrap(node: Node): Node {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case AST_NODE_TYPES.TSAsExpression:
      case AST_NODE_TYPES.TSSatisfiesExpression:
      case AST_NODE_TYPES.TSTypeAssertion:
      case AST_NODE_TYPES.TSNonNullExpression:
      case AST_NODE_TYPES.ChainExpression:
        inner = inner.expression;
        break;
      default:
        return inner;
    }
  }
}

/** The expression without `await` and the wrappers that keep its value. */
export function withoutAwait(expression: Node): Node {
  let inner = unwrap(expression);
  while (inner.type === AST_NODE_TYPES.AwaitExpression) inner = unwrap(inner.argument);
  return inner;
}

/** The outermost expression with the same value as a node: through `as`, `!` and `await`. */
export function outermostWithValue(node: Node): Node {
  let current = node;
  for (let parent = current.parent; parent !== undefined; parent = current.parent) {
    if (!isTransparentWrapper(parent, current) && parent.type !== AST_NODE_TYPES.AwaitExpression) break;
    current = parent;
  }
  return current;
}

/** Whether an expression is `null` or `undefined`. */
export function isNullish(node: Node): boolean {
  if (node.type === AST_NODE_TYPES.Literal) return node.raw === 'null';
  return node.type === AST_NODE_TYPES.Identifier && node.name === 'undefined';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
