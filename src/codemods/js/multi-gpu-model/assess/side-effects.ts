/** Recognizes expressions that have side effects, or whose effects are unknown. Pure. */
import type { Names } from '../../syntax/names.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { containsNode, memberName, type Node, type VisitorKeys } from '../../syntax/syntax-tree.js';

const PURE_FUNCTIONS: ReadonlySet<string> = new Set([
  'Number',
  'parseInt',
  'parseFloat',
  'String',
  'Boolean',
  'BigInt',
  'isNaN',
]);
const PURE_NAMESPACES: ReadonlySet<string> = new Set(['Math', 'Number', 'Array', 'Object', 'JSON']);
const PURE_METHODS: ReadonlySet<string> = new Set([
  'split',
  'map',
  'filter',
  'slice',
  'trim',
  'concat',
  'includes',
  'indexOf',
  'join',
  'keys',
  'at',
  'flat',
]);

/** Whether a node itself assigns, awaits, yields, deletes, imports, or calls a template tag. */
export function isSideEffect(node: Node): boolean {
  switch (node.type) {
    case AST_NODE_TYPES.AwaitExpression:
    case AST_NODE_TYPES.YieldExpression:
    case AST_NODE_TYPES.AssignmentExpression:
    case AST_NODE_TYPES.UpdateExpression:
    case AST_NODE_TYPES.TaggedTemplateExpression:
    case AST_NODE_TYPES.ImportExpression:
      return true;
    default:
      return node.type === AST_NODE_TYPES.UnaryExpression && node.operator === 'delete';
  }
}

/** Whether an expression contains a call whose effects are unknown. */
export function hasOpaqueCall(expression: Node, names: Names, visitorKeys: VisitorKeys): boolean {
  return containsNode(expression, visitorKeys, (node) => isOpaqueCall(node, names));
}

/** Whether a node is a call whose effects are unknown. */
export function isOpaqueCall(node: Node, names: Names): boolean {
  if (node.type === AST_NODE_TYPES.NewExpression) return true;
  if (node.type !== AST_NODE_TYPES.CallExpression) return false;
  const { callee } = node;
  if (callee.type === AST_NODE_TYPES.Identifier) return !(PURE_FUNCTIONS.has(callee.name) && names.isGlobal(callee));
  if (callee.type !== AST_NODE_TYPES.MemberExpression) return true;
  const { object } = callee;
  if (object.type === AST_NODE_TYPES.Identifier && PURE_NAMESPACES.has(object.name) && names.isGlobal(object))
    return false;
  return !PURE_METHODS.has(memberName(callee) ?? '');
}
