/** Reads statements, blocks, branches and calls of a Python tree. Pure. */
import type { PythonSource } from '../syntax/source.js';

import { childByField, childrenByField, closest, namedChildren, type PyNode } from '../syntax/node.js';

const BLOCK_TYPES = new Set(['module', 'block']);

/** Whether a node is a list of statements. */
export function isBlock(node: PyNode): boolean {
  return BLOCK_TYPES.has(node.type);
}

/** The statements of a block, without comments. */
export function statementsOf(block: PyNode): PyNode[] {
  return namedChildren(block);
}

/** The innermost statement that contains a node. */
export function statementOf(node: PyNode): PyNode {
  return closest(node, (candidate) => candidate.parent === undefined || isBlock(candidate.parent)) ?? node;
}

/** The block that contains a statement. */
export function blockOf(statement: PyNode): PyNode {
  return closest(statement.parent, isBlock) ?? statement;
}

/** The innermost block that contains all nodes. */
export function commonBlock(nodes: readonly PyNode[], isCandidate: (node: PyNode) => boolean): PyNode | undefined {
  const start = Math.min(...nodes.map((node) => node.start));
  const end = Math.max(...nodes.map((node) => node.end));
  return closest(nodes[0]?.parent, (node) => isCandidate(node) && node.start <= start && end <= node.end);
}

/** The blocks of a compound statement and its clauses, in order. */
export function innerBlocks(statement: PyNode): PyNode[] {
  const blocks: PyNode[] = [];
  for (const child of statement.children) {
    if (child.type === 'block') blocks.push(child);
    else if (CLAUSES.has(child.type)) blocks.push(...innerBlocks(child));
  }
  return blocks;
}

const CLAUSES = new Set([
  'elif_clause',
  'else_clause',
  'except_clause',
  'except_group_clause',
  'finally_clause',
  'case_clause',
]);

/** Whether a node defines a function or class. */
export function isDefinition(node: PyNode): boolean {
  return (
    node.type === 'function_definition' || node.type === 'class_definition' || node.type === 'decorated_definition'
  );
}

/** Whether a node is a `for` or `while` statement. */
export function isLoop(node: PyNode): boolean {
  return node.type === 'for_statement' || node.type === 'while_statement';
}

/** The innermost function that contains a node; undefined at module level. */
export function enclosingFunction(node: PyNode): PyNode | undefined {
  return closest(node.parent, (candidate) => candidate.type === 'function_definition' || candidate.type === 'lambda');
}

/** The innermost class that contains a node. */
export function enclosingClass(node: PyNode): PyNode | undefined {
  return closest(node.parent, (candidate) => candidate.type === 'class_definition');
}

/** The expression of an `expression_statement`. */
export function expressionOf(statement: PyNode): PyNode | undefined {
  return statement.type === 'expression_statement' ? namedChildren(statement)[0] : undefined;
}

/** The `left = right` of a plain assignment statement with one target. */
export function assignmentOf(statement: PyNode): { left: PyNode; right: PyNode; node: PyNode } | undefined {
  const node = expressionOf(statement);
  if (node?.type !== 'assignment') return undefined;
  const left = childByField(node, 'left');
  const right = childByField(node, 'right');
  return left === undefined || right === undefined ? undefined : { left, right, node };
}

/** What a call calls; undefined for any other node. */
export function calleeOf(node: PyNode | undefined): PyNode | undefined {
  return node?.type === 'call' ? childByField(node, 'function') : undefined;
}

/** Arguments of a call: positional ones in order, keywords by name. */
export interface CallArguments {
  readonly positional: readonly PyNode[];
  readonly keywords: ReadonlyMap<string, PyNode>;
  /** Whether `*args` or `**kwargs` hides arguments. */
  readonly spread: boolean;
}

/** Reads the arguments of a `call` node. */
export function callArguments(source: PythonSource, call: PyNode): CallArguments {
  const list = childByField(call, 'arguments');
  const positional: PyNode[] = [];
  const keywords = new Map<string, PyNode>();
  let spread = false;
  for (const argument of list === undefined ? [] : namedChildren(list)) {
    if (argument.type === 'keyword_argument') {
      const name = childByField(argument, 'name');
      const value = childByField(argument, 'value');
      if (name !== undefined && value !== undefined) keywords.set(source.textOf(name), value);
    } else if (argument.type === 'list_splat' || argument.type === 'dictionary_splat') {
      spread = true;
    } else {
      positional.push(argument);
    }
  }
  return { positional, keywords, spread };
}

/** Whether nothing else shares the lines of a statement, so that whole lines can move. */
export function ownsItsLines(source: PythonSource, statement: PyNode): boolean {
  const before = source.text.slice(source.lineStart(source.lineAt(statement.start)), statement.start);
  const after = source.text.slice(statement.end, source.lineStart(source.lineAt(statement.end) + 1));
  return before.trim() === '' && /^[ \t]*(?:;[ \t]*)?(?:#[^\r\n]*)?(?:\r?\n)?$/.test(after);
}

/** The clauses of an `if`: condition (undefined for `else`) and block, in order. */
export function branchesOf(statement: PyNode): { condition: PyNode | undefined; block: PyNode; clause: PyNode }[] {
  const branches: { condition: PyNode | undefined; block: PyNode; clause: PyNode }[] = [];
  const add = (clause: PyNode): void => {
    const block = clause.children.find((child) => child.type === 'block');
    if (block !== undefined) branches.push({ condition: childByField(clause, 'condition'), block, clause });
  };
  add(statement);
  for (const clause of childrenByField(statement, 'alternative')) add(clause);
  return branches;
}
