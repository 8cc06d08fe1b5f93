/**
 * Writes the scope around a misplaced model that is built by consecutive statements or by one call. Only inserts text.
 * Pure.
 */
import type { TextEdit } from '../../result.js';
import type { Names } from '../syntax/names.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { MisplacedModel } from './find-misplaced-models.js';
import type { StrategyInFile } from './strategies.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { indentAt, indentUnit } from '../../edits/newlines.js';
import { isFunction, isInside, type Node, unwrap, walk, walkInto } from '../syntax/syntax-tree.js';

/** The edits that put the model, or its `compile` call, into the scope; `undefined` if the user must do it. */
export function wrapInScope(misplaced: MisplacedModel, source: JavaScriptSource, names: Names): TextEdit[] | undefined {
  const strategy = visibleName(misplaced.strategy, misplaced.call, names);
  if (strategy === undefined) return undefined;
  if (misplaced.kind === 'compiled-outside') return wrapCompile(misplaced, strategy, source);
  return wrapBuild(misplaced, strategy, source);
}

/** `model.compile(…)` → `strategy.scope(() => model.compile(…))`, for a model that was built in the scope. */
function wrapCompile(
  { model, call }: MisplacedModel,
  strategy: string,
  source: JavaScriptSource,
): TextEdit[] | undefined {
  if (model.build === undefined || call.parent.type !== AST_NODE_TYPES.ExpressionStatement || suspends(call, source))
    return undefined;
  return around(call, `${strategy}.scope(() => `, ')');
}

function wrapBuild(
  { model, call }: MisplacedModel,
  strategy: string,
  source: JavaScriptSource,
): TextEdit[] | undefined {
  const declarator = declaratorOf(call);
  const declaration = declarator?.parent;
  if (declarator?.id.type !== AST_NODE_TYPES.Identifier || declaration === undefined) return undefined;
  const body = statementsAround(declaration);
  if (declaration.declarations.length !== 1 || body === undefined) return undefined;

  const setUp = followingCalls(declaration, declarator.id.name, body, source);
  const last = setUp.at(-1) ?? declaration;
  // A `compile` call outside the scope would be misplaced too, so it must move along.
  const left = model.compileCalls.filter(
    ({ call: { range } }) => range[0] > last.range[1] || range[1] <= declaration.range[0],
  );
  if (left.some((each) => !isInsideScopeCallback(each.call)) || suspends(call, source)) return undefined;
  if (setUp.length === 0) return around(call, `${strategy}.scope(() => `, ')');
  return wrapStatements(declaration, declarator, setUp, strategy, source);
}

/** Moves the declaration and the calls after it into a scope callback that returns the model. */
function wrapStatements(
  declaration: TSESTree.VariableDeclaration,
  declarator: TSESTree.VariableDeclarator,
  setUp: readonly Node[],
  strategy: string,
  { text, ast, visitorKeys }: JavaScriptSource,
): TextEdit[] | undefined {
  const [start, end] = [declaration.range[0], (setUp.at(-1) ?? declaration).range[1]];
  const name = (declarator.id as TSESTree.Identifier).name;
  const waits = declarator.init !== null && unwrap(declarator.init).type === AST_NODE_TYPES.AwaitExpression;
  const indent = indentAt(text, start);
  const inner = indent + indentUnit(text);
  const before = `${declaration.kind} ${name} = ${waits ? 'await ' : ''}${strategy}.scope(${waits ? 'async ' : ''}() => {\n${inner}`;
  const edits: TextEdit[] = [{ start, end: start, text: before }];
  const fixed: (readonly [number, number])[] = [];
  walk(ast, visitorKeys, (node) => {
    // White space in a template literal is part of its value, so do not indent it.
    if (node.type === AST_NODE_TYPES.TemplateElement) fixed.push(node.range);
  });
  for (let line = text.indexOf('\n', start) + 1; line > 0 && line <= end; line = text.indexOf('\n', line) + 1) {
    const blank = /^\r?(?:\n|$)/.test(text.slice(line, line + 2));
    if (!blank && !fixed.some(([from, to]) => from < line && line <= to))
      edits.push({ start: line, end: line, text: indentUnit(text) });
  }
  edits.push({ start: end, end, text: `\n${inner}return ${name};\n${indent}});` });
  return edits;
}

/**
 * The statements right after a declaration that only call methods of the new model, up to the last `compile` or `add`.
 */
function followingCalls(declaration: Node, name: string, body: readonly Node[], source: JavaScriptSource): Node[] {
  const calls: Node[] = [];
  for (const statement of body.slice(body.indexOf(declaration) + 1)) {
    if (statement.type !== AST_NODE_TYPES.ExpressionStatement) break;
    const { expression } = statement;
    if (expression.type !== AST_NODE_TYPES.CallExpression || expression.callee.type !== AST_NODE_TYPES.MemberExpression)
      break;
    const { object, property } = expression.callee;
    if (
      object.type !== AST_NODE_TYPES.Identifier ||
      object.name !== name ||
      property.type !== AST_NODE_TYPES.Identifier
    )
      break;
    if ((property.name !== 'add' && property.name !== 'compile') || suspends(expression, source)) break;
    calls.push(statement);
  }
  return calls;
}

/** The declarator whose value is this call, with or without `await`. */
function declaratorOf(call: Node): TSESTree.VariableDeclarator | undefined {
  let value: Node = call;
  for (let parent = value.parent; parent; parent = value.parent) {
    if (parent.type === AST_NODE_TYPES.VariableDeclarator) return parent;
    if (parent.type !== AST_NODE_TYPES.AwaitExpression && unwrap(parent) !== unwrap(value)) return undefined;
    value = parent;
  }
  return undefined;
}

function statementsAround(statement: Node): readonly Node[] | undefined {
  const { parent } = statement;
  return parent?.type === AST_NODE_TYPES.Program || parent?.type === AST_NODE_TYPES.BlockStatement
    ? parent.body
    : undefined;
}

/** Whether an expression awaits or yields, which it cannot do in the scope callback. */
function suspends(expression: Node, { visitorKeys }: JavaScriptSource): boolean {
  let found = false;
  walkInto(expression, visitorKeys, (node) => {
    found ||= node.type === AST_NODE_TYPES.AwaitExpression || node.type === AST_NODE_TYPES.YieldExpression;
    return node === expression || !isFunction(node);
  });
  return found;
}

function isInsideScopeCallback(call: Node): boolean {
  for (let node = call.parent; node; node = node.parent) {
    if (node.type !== AST_NODE_TYPES.CallExpression || node.callee.type !== AST_NODE_TYPES.MemberExpression) continue;
    const { property } = node.callee;
    if (property.type === AST_NODE_TYPES.Identifier && property.name === 'scope') return true;
  }
  return false;
}

/** The name of the strategy, if it means the strategy at a node and has its value there. */
function visibleName({ name, creation }: StrategyInFile, at: Node, names: Names): string | undefined {
  if (name === undefined || creation.range[1] > at.range[0]) return undefined;
  const [definition, ...others] = names.lookUp(name, at)?.defs ?? [];
  if (definition === undefined || others.length > 0) return undefined;
  return isInside(creation, definition.node) ? name : undefined;
}

function around({ range }: Node, before: string, after: string): TextEdit[] {
  return [
    { start: range[0], end: range[0], text: before },
    { start: range[1], end: range[1], text: after },
  ];
}
