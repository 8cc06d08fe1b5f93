/** Finds the expressions that give a variable or a field of a class its value. Pure. */
import type { Names } from '../syntax/names.js';
import type { FunctionsInFile } from './functions-in-file.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import {
  type FunctionNode,
  isFunction,
  isInside,
  keyName,
  type Node,
  type VisitorKeys,
  walkInto,
} from '../syntax/syntax-tree.js';

import { enclosingClassBody, enclosingFunction } from './functions-in-file.js';

/** The value that a plain declaration or assignment gives to a name or a member. */
export function assignedValue(target: Node): Node | undefined {
  const { parent } = target;
  if (parent?.type === AST_NODE_TYPES.VariableDeclarator && parent.id === target) return parent.init ?? undefined;
  if (parent?.type === AST_NODE_TYPES.AssignmentExpression && parent.left === target && parent.operator === '=')
    return parent.right;
  return undefined;
}

/**
 * The value that a variable has at a use, if the statements directly before the use assign it: `x = f(x); use(x);`.
 *
 * @returns `undefined` where the value depends on branches, loops or other functions.
 */
export function reachingValue(use: Node, variable: Variable, names: Names): Node | undefined {
  const inFunction = enclosingFunction(use);
  const writes = names
    .referencesTo(variable)
    .filter((reference) => reference.isWrite() && enclosingFunction(reference.identifier as Node) === inFunction)
    .map(({ identifier }) => identifier as Node);
  if (writes.length === 0) return undefined;
  for (let node = use; node.parent && !isFunction(node); node = node.parent) {
    const { parent } = node;
    if (isLoop(parent) && writes.some((write) => isInside(write, parent) && write !== use)) return undefined;
    const statements = statementsOf(parent);
    if (statements === undefined) continue;
    const before = statements.slice(0, statements.indexOf(node as TSESTree.Statement)).reverse();
    const last = before.find((statement) => writes.some((write) => isInside(write, statement)));
    if (last === undefined) continue;
    const write = writes.findLast((each) => isInside(each, last));
    return write !== undefined && isAssignedBy(last, write) ? assignedValue(write) : undefined;
  }
  return undefined;
}

/** The values that the code of a class assigns to `this.name`, and the annotation of the field. */
export function fieldValues(
  access: TSESTree.MemberExpression,
  name: string,
  functions: FunctionsInFile,
): { readonly values: readonly Node[]; readonly annotation: TSESTree.TypeNode | undefined } {
  const owner = enclosingClassBody(access);
  if (owner === undefined) return { values: [], annotation: undefined };
  const property = owner.body.find(
    (member): member is TSESTree.PropertyDefinitionNonComputedName =>
      member.type === AST_NODE_TYPES.PropertyDefinition && keyName(member) === name,
  );
  const values = functions
    .membersNamed(name)
    .filter(({ object }) => object.type === AST_NODE_TYPES.ThisExpression)
    .filter((each) => enclosingClassBody(each) === owner)
    .flatMap((each) => assignedValue(each) ?? []);
  return {
    values: property?.value == null ? values : [property.value, ...values],
    annotation: property?.typeAnnotation?.typeAnnotation,
  };
}

/** The values that a function returns; those of functions inside it do not count. */
export function returnedValues({ body }: FunctionNode, visitorKeys: VisitorKeys): readonly Node[] {
  if (body.type !== AST_NODE_TYPES.BlockStatement) return [body];
  const values: Node[] = [];
  walkInto(body, visitorKeys, (node) => {
    if (node.type === AST_NODE_TYPES.ReturnStatement && node.argument !== null) values.push(node.argument);
    return !isFunction(node);
  });
  return values;
}

function statementsOf(node: Node): readonly TSESTree.Statement[] | undefined {
  switch (node.type) {
    case AST_NODE_TYPES.Program:
    case AST_NODE_TYPES.BlockStatement:
    case AST_NODE_TYPES.StaticBlock:
      return node.body;
    case AST_NODE_TYPES.SwitchCase:
      return node.consequent;
    default:
      return undefined;
  }
}

/** Whether a statement does nothing but the assignment or declaration with this target. */
function isAssignedBy(statement: TSESTree.Statement, target: Node): boolean {
  const { parent } = target;
  if (parent?.type === AST_NODE_TYPES.VariableDeclarator) return parent.parent === statement;
  return parent?.type === AST_NODE_TYPES.AssignmentExpression && parent.parent === statement;
}

function isLoop({ type }: Node): boolean {
  return /^(?:For|While|DoWhile)/.test(type);
}
