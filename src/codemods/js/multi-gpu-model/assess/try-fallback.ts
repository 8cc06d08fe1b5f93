/** `try { model = multiGpuModel(model, 2) } catch { … }`: the strategy is made in a `try` of the same shape. Pure. */
import type { TextEdit } from '../../../result.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Node } from '../../syntax/syntax-tree.js';
import type { Site } from './build-sites.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { applyEdits } from '../../../edits/apply-edits.js';
import { RefusalReason } from '../../../refusal-reason.js';
import { isInside } from '../analyze/statement-list.js';
import { type Refusal, refuse } from '../refusal.js';

/** Only the wrap, plain copies of the model and messages may stand in the `try` that is moved. */
export function fallbackProblem(
  statement: TSESTree.TryStatement,
  { at, list }: Site,
  source: JavaScriptSource,
): Refusal | undefined {
  const others = [...statement.block.body, ...(statement.handler?.body.body ?? [])].filter(
    (each) => !isInside(at, each) && !isMessage(each) && !isPlainAssignment(each),
  );
  const isDirect = statement.block.body.some((each) => isInside(at, each) && isPlainAssignment(each, at));
  if (statement.finalizer === null && others.length === 0 && isDirect && list?.statements.includes(statement) === true)
    return undefined;
  const first = others[0];
  const what =
    first === undefined
      ? 'the try statement'
      : source.text.slice(first.range[0], Math.min(first.range[1], first.range[0] + 30)).split('\n')[0]!;
  return refuse(RefusalReason.EvaluationOrder, `${what} would have to run before the model is built`);
}

/** The `try` statement that makes the strategy. */
export function fallbackText(
  statement: TSESTree.TryStatement,
  { at }: Site,
  removed: ReadonlySet<Node>,
  names: {
    readonly strategy: string;
    readonly creation: string;
    readonly getStrategy: string;
    readonly semicolon: string;
  },
  source: JavaScriptSource,
): string {
  const { strategy, creation, getStrategy, semicolon } = names;
  const edits: TextEdit[] = [];
  const offset = statement.range[0];
  const replace = (node: Node, text: string): void => {
    edits.push({ start: node.range[0] - offset, end: node.range[1] - offset, text });
  };
  for (const each of statement.block.body)
    if (isInside(at, each)) replace(each, `${strategy} = ${creation}${semicolon}`);
  const plain = (statement.handler?.body.body ?? []).filter((each) => removed.has(each));
  for (const each of plain) replace(each, `${strategy} = ${getStrategy}()${semicolon}`);
  const declaration =
    plain.length > 0 ? `let ${strategy}${semicolon}` : `let ${strategy} = ${getStrategy}()${semicolon}`;
  return `${declaration}\n${applyEdits(source.text.slice(...statement.range), edits)}`;
}

function isMessage(statement: TSESTree.Statement): boolean {
  if (
    statement.type !== AST_NODE_TYPES.ExpressionStatement ||
    statement.expression.type !== AST_NODE_TYPES.CallExpression
  )
    return false;
  const { callee } = statement.expression;
  return (
    callee.type === AST_NODE_TYPES.MemberExpression &&
    callee.object.type === AST_NODE_TYPES.Identifier &&
    callee.object.name === 'console'
  );
}

function isPlainAssignment(statement: TSESTree.Statement, value?: Node): boolean {
  if (
    statement.type !== AST_NODE_TYPES.ExpressionStatement ||
    statement.expression.type !== AST_NODE_TYPES.AssignmentExpression
  )
    return false;
  const { left, right } = statement.expression;
  if (value !== undefined) return right === value;
  return left.type === AST_NODE_TYPES.Identifier && right.type === AST_NODE_TYPES.Identifier;
}
