/**
 * Small questions about an ESTree: walk it, name a member, see through wrappers that do not change
 * a value. Knows nothing of modules or migrations.
 */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

export type Node = TSESTree.Node;

/** For each node type, the properties that hold child nodes, in source order. */
export type VisitorKeys = Readonly<Record<string, readonly string[] | undefined>>;

/** The child nodes of a node in source order. */
export function childrenOf(node: Node, visitorKeys: VisitorKeys): Node[] {
  const children: Node[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) {
      children.push(value);
    }
  }
  return children;
}

/**
 * Visits a node and everything under it in source order. Not recursive, because minified code nests deeply.
 * @param enter returns `false` to leave out what lies under the node
 */
export function walk(root: Node, visitorKeys: VisitorKeys, enter: (node: Node) => boolean | void): void {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (enter(node) === false) continue;
    const children = childrenOf(node, visitorKeys);
    for (let index = children.length - 1; index >= 0; index--) pending.push(children[index]!);
  }
}

/** Sets `parent` on every node that has none yet. ESLint has done so for the trees that it hands out. */
export function linkParents(root: Node, visitorKeys: VisitorKeys): void {
  walk(root, visitorKeys, (node) => {
    for (const child of childrenOf(node, visitorKeys)) {
      // Some parsers define `parent` as a getter; what is there is right and stays.
      if (child.parent === undefined) (child as { parent: Node }).parent = node;
    }
  });
}

/** The name that a member access reads, when it can be seen: `a.b`, `a['b']`, a[`b`]. */
export function memberName(node: TSESTree.MemberExpression): string | undefined {
  if (!node.computed) return node.property.type === AST_NODE_TYPES.Identifier ? node.property.name : undefined;
  return literalString(node.property);
}

/** The name of a property in an object literal, pattern or class, when it can be seen. */
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

/** Whether the parent is a wrapper with the value of this child: `x as T`, `x!`, `(0, x)`, the root of `a?.b`. */
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

/** The expression inside wrappers that do not change a value. */
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

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
