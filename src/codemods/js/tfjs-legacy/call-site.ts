/** The call around a callee, the use of its result, and the shapes of its arguments. Pure. */
import type { ArgumentShape } from '../../../catalogue/catalogue-entry.js';
import type { Names } from '../syntax/names.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isTransparentWrapper, keyName, literalString, type Node, unwrap } from '../syntax/syntax-tree.js';

export type Call = TSESTree.CallExpression | TSESTree.NewExpression;

/** The call or construction whose callee this expression is. */
export function callOf(callee: Node): Call | undefined {
  const { parent } = callee;
  if (parent?.type !== AST_NODE_TYPES.CallExpression && parent?.type !== AST_NODE_TYPES.NewExpression) return undefined;
  return parent.callee === callee ? parent : undefined;
}

export function hasSpread(call: Call): boolean {
  return call.arguments.some(({ type }) => type === AST_NODE_TYPES.SpreadElement);
}

/** The statement that contains nothing but this call, awaited or not. */
export function statementOf(call: Node): TSESTree.ExpressionStatement | undefined {
  let node: Node = call;
  while (
    node.parent !== undefined &&
    (isTransparentWrapper(node.parent, node) || node.parent.type === AST_NODE_TYPES.AwaitExpression)
  ) {
    node = node.parent;
  }
  return node.parent?.type === AST_NODE_TYPES.ExpressionStatement ? node.parent : undefined;
}

/** Whether the code waits for the promise that this call returns. */
export function isAwaited(call: Node): boolean {
  let node: Node = call;
  while (node.parent !== undefined && isTransparentWrapper(node.parent, node)) node = node.parent;
  const { parent } = node;
  switch (parent?.type) {
    case AST_NODE_TYPES.AwaitExpression:
    case AST_NODE_TYPES.ReturnStatement:
    case AST_NODE_TYPES.ArrowFunctionExpression:
    // The code most likely awaits a promise in a list or a variable later.
    case AST_NODE_TYPES.ArrayExpression:
    case AST_NODE_TYPES.VariableDeclarator:
    case AST_NODE_TYPES.AssignmentExpression:
    case AST_NODE_TYPES.CallExpression:
      return true;
    case AST_NODE_TYPES.MemberExpression:
      return (
        parent.object === node &&
        parent.property.type === AST_NODE_TYPES.Identifier &&
        ['then', 'catch', 'finally'].includes(parent.property.name)
      );
    default:
      return false;
  }
}

/** The expression, or the value of the constant that it names. */
export function constantOf(node: Node, names: Names): Node {
  const inner = unwrap(node);
  if (inner.type !== AST_NODE_TYPES.Identifier) return inner;
  const definition = names.variableOf(inner)?.defs[0]?.node as Node | undefined;
  if (definition?.type !== AST_NODE_TYPES.VariableDeclarator || definition.init === null) return inner;
  const declaration = definition.parent;
  return declaration.kind === 'const' && definition.id.type === AST_NODE_TYPES.Identifier
    ? unwrap(definition.init)
    : inner;
}

/** Whether an argument certainly has a shape. */
export function hasShape(argument: Node, shape: ArgumentShape, names: Names): boolean {
  const value = constantOf(argument, names);
  switch (shape) {
    case 'number':
      return isNumber(value.type === AST_NODE_TYPES.UnaryExpression ? value.argument : value);
    case 'string':
      return literalString(value) !== undefined || value.type === AST_NODE_TYPES.TemplateLiteral;
    case 'function':
      return (
        value.type === AST_NODE_TYPES.ArrowFunctionExpression ||
        value.type === AST_NODE_TYPES.FunctionExpression ||
        isFunctionName(value, names)
      );
  }
}

/** The properties of an object literal by name; `undefined` when it spreads another object or computes a name. */
export function literalProperties(node: Node): ReadonlyMap<string, TSESTree.Property> | undefined {
  const value = unwrap(node);
  if (value.type !== AST_NODE_TYPES.ObjectExpression) return undefined;
  const properties = new Map<string, TSESTree.Property>();
  for (const property of value.properties) {
    const name = property.type === AST_NODE_TYPES.Property ? keyName(property) : undefined;
    if (name === undefined) return undefined;
    properties.set(name, property as TSESTree.Property);
  }
  return properties;
}

/** The property of this name in an object literal. */
export function propertyNamed(node: Node, name: string): TSESTree.Property | undefined {
  const value = unwrap(node);
  if (value.type !== AST_NODE_TYPES.ObjectExpression) return undefined;
  return value.properties.find(
    (property): property is TSESTree.Property =>
      property.type === AST_NODE_TYPES.Property && keyName(property) === name,
  );
}

function isNumber(node: Node): boolean {
  return node.type === AST_NODE_TYPES.Literal && typeof node.value === 'number';
}

function isFunctionName(node: Node, names: Names): boolean {
  if (node.type !== AST_NODE_TYPES.Identifier) return false;
  // The definition of a parameter is a function, too; its type tells the two apart.
  const type: string | undefined = names.variableOf(node)?.defs[0]?.type;
  return type === 'FunctionName';
}
