/** Decides whether the wrapped model can take the name of its template: `parallel` becomes `model`. Pure. */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { AccessPath } from '../analyze/access-path.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isInside, type Node } from '../../syntax/syntax-tree.js';
import { isSamePath, plainVariable, usesOf } from '../analyze/access-path.js';

import { assignmentStatement } from './assignment-statement.js';

/** A variable that another one replaces. */
export interface MergedName {
  readonly variable: Variable;
  /** The declaration and assignments of the variable, which are then removed. */
  readonly statements: readonly Node[];
}

/**
 * Finds out whether the result of a wrap can be replaced by its template.
 *
 * @param template - Where the model is stored before the wrap.
 * @param result - Where the wrapped model is stored.
 * @param isCopyOfTemplate - Whether a value is the template once the wraps are removed.
 * @param source - The file.
 * @param names - Its names.
 * @returns The variable to replace and its statements; `undefined` if it must stay.
 */
export function mergedName(
  template: AccessPath,
  result: AccessPath,
  isCopyOfTemplate: (value: Node) => boolean,
  source: JavaScriptSource,
  names: Names,
): MergedName | undefined {
  const templateVariable = plainVariable(template);
  const variable = plainVariable(result);
  if (templateVariable === undefined || variable === undefined || isSamePath(template, result)) return undefined;
  const declarator: Node | undefined = variable.defs[0]?.node;
  if (declarator?.type !== AST_NODE_TYPES.VariableDeclarator) return undefined;
  const declaration = declarator.parent;
  if (declaration.declarations.length !== 1 || !isInStatementList(declaration)) return undefined;

  const uses = usesOf(result, source, names);
  const writes = uses.filter(({ isWrite }) => isWrite);
  const statements: Node[] = [declaration];
  for (const { node, written } of writes) {
    if (written === undefined || !isCopyOfTemplate(written)) return undefined;
    if (isInside(node, declaration)) continue;
    const assignment = node.parent?.type === AST_NODE_TYPES.AssignmentExpression ? node.parent : undefined;
    const statement = assignment === undefined ? undefined : assignmentStatement(assignment);
    if (statement === undefined) return undefined;
    statements.push(statement);
  }
  const firstWrite = Math.min(...writes.map(({ node }) => node.range[0]));
  const isReassigned = usesOf(template, source, names).some(
    ({ isWrite, node, written }) =>
      isWrite && node.range[0] > firstWrite && !(written !== undefined && isCopyOfTemplate(written)),
  );
  const isReplaceable = uses.every(
    ({ node }) =>
      names.lookUp(template.text, node) === templateVariable && node.parent?.type !== AST_NODE_TYPES.ExportSpecifier,
  );
  return isReassigned || !isReplaceable ? undefined : { variable, statements };
}

function isInStatementList({ parent }: TSESTree.VariableDeclaration): boolean {
  return (
    parent.type === AST_NODE_TYPES.Program ||
    parent.type === AST_NODE_TYPES.BlockStatement ||
    parent.type === AST_NODE_TYPES.SwitchCase ||
    parent.type === AST_NODE_TYPES.StaticBlock ||
    parent.type === AST_NODE_TYPES.TSModuleBlock
  );
}
