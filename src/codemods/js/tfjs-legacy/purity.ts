/** Decides whether the evaluation order of expressions can matter. When in doubt, it can. Pure. */
import type { Names } from '../syntax/names.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { memberPath, type Origins } from '../origins/origin.js';
import { childrenOf, type Node, type VisitorKeys } from '../syntax/syntax-tree.js';

/**
 * `constant`: always the same value; `reading`: may see a side effect of another expression; `effect`: may have one.
 */
export type Purity = 'constant' | 'reading' | 'effect';

/** What the analysis needs to know about the file. */
export interface PurityContext {
  readonly names: Names;
  readonly visitorKeys: VisitorKeys;
  readonly originOf: Origins['originOf'];
}

/** Functions of TensorFlow.js that only create a tensor from their arguments. */
const TENSOR_FACTORIES: ReadonlySet<string> = new Set([
  'scalar',
  'tensor',
  'tensor1d',
  'tensor2d',
  'tensor3d',
  'tensor4d',
  'tensor5d',
  'tensor6d',
  'zeros',
  'ones',
  'fill',
]);

const ORDER: readonly Purity[] = ['constant', 'reading', 'effect'];

/** How an expression may depend on, or change, the expressions that are evaluated around it. */
export function purityOf(node: Node, context: PurityContext): Purity {
  const { names, visitorKeys } = context;
  switch (node.type) {
    case AST_NODE_TYPES.Literal:
    case AST_NODE_TYPES.ThisExpression:
    case AST_NODE_TYPES.ArrowFunctionExpression:
    case AST_NODE_TYPES.FunctionExpression:
      return 'constant';
    case AST_NODE_TYPES.Identifier:
      return isNeverReassigned(node, names) ? 'constant' : 'reading';
    case AST_NODE_TYPES.MemberExpression:
    case AST_NODE_TYPES.UnaryExpression:
    case AST_NODE_TYPES.BinaryExpression:
    case AST_NODE_TYPES.LogicalExpression:
    case AST_NODE_TYPES.ConditionalExpression:
    case AST_NODE_TYPES.ArrayExpression:
    case AST_NODE_TYPES.ObjectExpression:
    case AST_NODE_TYPES.Property:
    case AST_NODE_TYPES.TemplateLiteral:
    case AST_NODE_TYPES.TemplateElement:
    case AST_NODE_TYPES.ChainExpression:
    case AST_NODE_TYPES.TSAsExpression:
    case AST_NODE_TYPES.TSNonNullExpression: {
      if (node.type === AST_NODE_TYPES.UnaryExpression && node.operator === 'delete') return 'effect';
      const isMember = node.type === AST_NODE_TYPES.MemberExpression;
      const parts = childrenOf(node, visitorKeys)
        .filter((child) => !isMemberName(node, child) && !isType(child))
        .map((child) => purityOf(child, context));
      return worst([isMember ? 'reading' : 'constant', ...parts]);
    }
    case AST_NODE_TYPES.CallExpression: {
      const path = memberPath(context.originOf(node.callee)?.path ?? []);
      if (path.length !== 1 || !TENSOR_FACTORIES.has(path[0] ?? '')) return 'effect';
      return worst(['constant', ...node.arguments.map((argument) => purityOf(argument, context))]);
    }
    default:
      return 'effect';
  }
}

/** Whether evaluating the expressions in any other order certainly gives the same result. */
export function mayReorder(nodes: readonly Node[], context: PurityContext): boolean {
  const found = nodes.map((node) => purityOf(node, context));
  const effects = found.filter((purity) => purity === 'effect').length;
  const readings = found.filter((purity) => purity === 'reading').length;
  return effects === 0 || (effects === 1 && readings === 0);
}

function worst(found: readonly Purity[]): Purity {
  return ORDER[Math.max(...found.map((purity) => ORDER.indexOf(purity)))] ?? 'constant';
}

function isMemberName(node: Node, child: Node): boolean {
  if (node.type === AST_NODE_TYPES.MemberExpression) return !node.computed && child === node.property;
  return node.type === AST_NODE_TYPES.Property && !node.computed && child === node.key && !node.shorthand;
}

function isType(node: Node): boolean {
  return node.type.startsWith('TS') && !node.type.endsWith('Expression');
}

function isNeverReassigned(identifier: Node, names: Names): boolean {
  const variable = names.variableOf(identifier);
  if (variable === undefined) return identifier.type === AST_NODE_TYPES.Identifier && identifier.name === 'undefined';
  return (
    variable.defs.length === 1 &&
    names.referencesTo(variable).every((reference) => !reference.isWrite() || reference.init === true)
  );
}
