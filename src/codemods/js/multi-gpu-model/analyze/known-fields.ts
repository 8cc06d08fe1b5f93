/** Decides whether a field of `this` has its only value before any method of its class can run. Pure. */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { AccessPath } from './access-path.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { containsNode, isInside, type Node, unwrap, walk } from '../../syntax/syntax-tree.js';

import { accessPathOf, isSamePath } from './access-path.js';

/**
 * Whether code gives `this.gpus` one value, before any method can read it: in its declaration, as a parameter property
 * of the constructor, or in the constructor, before a statement there that calls a method.
 *
 * @param path - The field, with the class body as its owner.
 */
export function isKnownInEveryMethod(path: AccessPath, source: JavaScriptSource, names: Names): boolean {
  const { owner } = path;
  // The constructor of a base class may call methods before the fields of this class have a value.
  if (owner?.type !== AST_NODE_TYPES.ClassBody || owner.parent.superClass !== null) return false;
  const [name] = path.members;
  const declarations = owner.body.filter((member) => declaresValue(member, name));
  const [assignment, ...others] = assignmentsTo(path, source, names);
  if (assignment === undefined) return declarations.length === 1;
  if (others.length > 0 || declarations.length > 0) return false;
  const assigned = accessPathOf(assignment, names);
  return assigned !== undefined && isSamePath(assigned, path) && isBeforeMethods(assignment, owner, source);
}

/** The targets of assignments to a path or to a member of its value: `this.gpus`, `this.gpus.length`. */
function assignmentsTo(path: AccessPath, source: JavaScriptSource, names: Names): Node[] {
  const found: Node[] = [];
  walk(source.ast, source.visitorKeys, (node) => {
    if (node.type !== AST_NODE_TYPES.MemberExpression || !isAssigned(node)) return;
    const target = accessPathOf(node, names);
    if (target?.owner === path.owner && path.members.every((member, index) => target?.members[index] === member))
      found.push(node);
  });
  return found;
}

/** Whether code writes to a member: by an assignment, `++`, `delete`, a pattern or a loop. */
function isAssigned(node: TSESTree.MemberExpression): boolean {
  const { parent } = node;
  switch (parent.type) {
    case AST_NODE_TYPES.AssignmentExpression:
    case AST_NODE_TYPES.AssignmentPattern:
    case AST_NODE_TYPES.ForInStatement:
    case AST_NODE_TYPES.ForOfStatement:
      return parent.left === node;
    case AST_NODE_TYPES.UpdateExpression:
    case AST_NODE_TYPES.ArrayPattern:
    case AST_NODE_TYPES.RestElement:
      return true;
    case AST_NODE_TYPES.UnaryExpression:
      return parent.operator === 'delete';
    case AST_NODE_TYPES.Property:
      return parent.value === node && parent.parent.type === AST_NODE_TYPES.ObjectPattern;
    default:
      return false;
  }
}

/** Whether a member of the class gives a field its value when an instance is created. */
function declaresValue(member: TSESTree.ClassElement, name: string | undefined): boolean {
  switch (member.type) {
    case AST_NODE_TYPES.PropertyDefinition:
      return !member.static && member.value !== null && fieldName(member) === name;
    case AST_NODE_TYPES.MethodDefinition:
      return member.kind === 'constructor' && member.value.params.some((each) => parameterProperty(each) === name);
    default:
      return false;
  }
}

function fieldName({ computed, key }: TSESTree.PropertyDefinition): string | undefined {
  if (key.type === AST_NODE_TYPES.PrivateIdentifier) return `#${key.name}`;
  return !computed && key.type === AST_NODE_TYPES.Identifier ? key.name : undefined;
}

/** `private readonly gpus: number` in the parameters of a constructor. */
function parameterProperty(parameter: TSESTree.Parameter): string | undefined {
  if (parameter.type !== AST_NODE_TYPES.TSParameterProperty) return undefined;
  const inner = parameter.parameter;
  const name = inner.type === AST_NODE_TYPES.AssignmentPattern ? inner.left : inner;
  return name.name;
}

/** Whether an assignment is a statement of the constructor, and `this` only has fields assigned before it. */
function isBeforeMethods(assignment: Node, owner: TSESTree.ClassBody, { visitorKeys }: JavaScriptSource): boolean {
  const constructorOf = owner.body.find(
    (member) => member.type === AST_NODE_TYPES.MethodDefinition && member.kind === 'constructor',
  );
  if (constructorOf?.type !== AST_NODE_TYPES.MethodDefinition) return false;
  const statements = constructorOf.value.body?.body ?? [];
  const index = statements.findIndex((statement) => isInside(assignment, statement));
  if (statements[index]?.type !== AST_NODE_TYPES.ExpressionStatement) return false;
  return statements
    .slice(0, index + 1)
    .every((statement) => !containsNode(statement, visitorKeys, (node) => mayRunMethods(node)));
}

/** `this.build()`, and `this` as a value of its own. */
function mayRunMethods(node: Node): boolean {
  if (node.type !== AST_NODE_TYPES.ThisExpression) return false;
  const access = node.parent;
  if (access.type !== AST_NODE_TYPES.MemberExpression || access.object !== node) return true;
  const { parent } = access;
  return parent.type === AST_NODE_TYPES.CallExpression && unwrap(parent.callee) === access;
}
