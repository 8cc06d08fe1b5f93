/**
 * Rewrites `try { tf = require('…-gpu') } catch { tf = require('…') }`, which uses the GPU if there is one.
 * `mirrorscope/node` does that by itself, so one load is enough. Applies only if both packages are loaded in the same
 * way and nothing else happens. Pure.
 */
import type { TextEdit } from '../../result.js';
import type { ModuleSource } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Node } from '../syntax/syntax-tree.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { REPLACEMENT } from './modules.js';

/** @returns The edit that keeps one of two loads; `undefined` when the two are not such a fallback. */
export function fallbackEdit({ text, ast }: JavaScriptSource, loads: readonly ModuleSource[]): TextEdit | undefined {
  const [first, second, ...more] = loads;
  if (first === undefined || second === undefined || more.length > 0) return undefined;
  const outer = tryAround(first.literal);
  const [tried, ...others] = outer?.block.body ?? [];
  const [instead, ...rest] = outer?.handler?.body.body ?? [];
  if (
    outer === undefined ||
    tried === undefined ||
    instead === undefined ||
    others.length + rest.length > 0 ||
    outer.finalizer !== null
  )
    return undefined;
  const inner = instead.type === AST_NODE_TYPES.TryStatement ? instead : undefined;
  const last = inner === undefined ? instead : inner.block.body[0];
  if (
    last === undefined ||
    (inner !== undefined && (inner.block.body.length > 1 || mayRead(text, inner, outer.handler?.param ?? undefined)))
  )
    return undefined;
  const alike = shapeOf(text, tried, first.literal);
  if (alike === undefined || alike !== shapeOf(text, last, second.literal)) return undefined;
  const isSilent = !(ast.comments ?? []).some(({ range }) => outer.range[0] <= range[0] && range[1] <= outer.range[1]);
  if (!isSilent) return undefined;
  const kept = inner ?? last;
  const quote = text.charAt(second.literal.range[0]);
  const swapped =
    text.slice(kept.range[0], second.literal.range[0]) +
    quote +
    REPLACEMENT +
    quote +
    text.slice(second.literal.range[1], kept.range[1]);
  return {
    start: outer.range[0],
    end: outer.range[1],
    text: outdented(swapped, indentAt(text, kept.range[0]), indentAt(text, outer.range[0])),
  };
}

function tryAround(node: Node): TSESTree.TryStatement | undefined {
  for (let parent = node.parent; parent !== undefined; parent = parent.parent)
    if (parent.type === AST_NODE_TYPES.TryStatement) return parent;
  return undefined;
}

/** Whether the code that stays may read the error of the `catch` that is removed. */
function mayRead(text: string, { range, handler }: TSESTree.TryStatement, error: Node | undefined): boolean {
  if (error === undefined || error.type !== AST_NODE_TYPES.Identifier) return error !== undefined;
  const isShadowed = handler?.param?.type === AST_NODE_TYPES.Identifier && handler.param.name === error.name;
  return !isShadowed && text.slice(...range).includes(error.name);
}

/** The text of a statement that only loads a module, without the name of the module. */
function shapeOf(text: string, statement: Node, literal: Node): string | undefined {
  if (statement.type !== AST_NODE_TYPES.ExpressionStatement) return undefined;
  const { expression } = statement;
  let loaded: Node =
    expression.type === AST_NODE_TYPES.AssignmentExpression && expression.operator === '='
      ? expression.right
      : expression;
  if (loaded.type === AST_NODE_TYPES.AwaitExpression) loaded = loaded.argument;
  const isLoad =
    (loaded.type === AST_NODE_TYPES.CallExpression && loaded.arguments[0] === literal) ||
    (loaded.type === AST_NODE_TYPES.ImportExpression && loaded.source === literal);
  return isLoad
    ? `${text.slice(statement.range[0], literal.range[0])}\0${text.slice(literal.range[1], statement.range[1])}`
    : undefined;
}

function indentAt(text: string, offset: number): string {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, offset))?.[0] ?? '';
}

function outdented(code: string, from: string, to: string): string {
  return code.replace(
    /\r?\n([ \t]*)/g,
    (_line, indent: string) => `\n${indent.startsWith(from) ? to + indent.slice(from.length) : indent}`,
  );
}
