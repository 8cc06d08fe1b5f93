/** Places `TODO(mirrorscope)` comments in JavaScript: before the statement or class member. Pure. */
import type { Finding, TextEdit } from '../result.js';
import type { JavaScriptSource } from './syntax/parse.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { markerEdit } from '../edits/marker.js';

import { childrenOf, type Node, type VisitorKeys } from './syntax/syntax-tree.js';

/** One edit for each finding that has no comment yet; a statement gets each comment once. */
export function markJavaScript(source: JavaScriptSource, findings: readonly Finding[]): TextEdit[] {
  const edits = new Map<string, TextEdit>();
  for (const finding of findings) {
    const start = statementStartAt(source, finding.start.offset);
    const edit = markerEdit(source.text, start, finding, '//');
    if (edit !== undefined) edits.set(`${edit.start} ${edit.text}`, edit);
  }
  return [...edits.values()];
}

/** Where the statement or class member that contains an offset begins. */
export function statementStartAt({ ast, visitorKeys }: JavaScriptSource, offset: number): number {
  let start = 0;
  for (let node: Node | undefined = ast; node !== undefined; node = childAt(node, offset, visitorKeys)) {
    // The range of a class member includes its decorators, so the comment comes before them.
    if (node.parent !== undefined && isStatementList(node.parent)) start = node.range[0];
  }
  return start;
}

function childAt(node: Node, offset: number, visitorKeys: VisitorKeys): Node | undefined {
  return childrenOf(node, visitorKeys).find(({ range }) => range[0] <= offset && offset < range[1]);
}

function isStatementList(node: Node): boolean {
  switch (node.type) {
    case AST_NODE_TYPES.Program:
    case AST_NODE_TYPES.BlockStatement:
    case AST_NODE_TYPES.StaticBlock:
    case AST_NODE_TYPES.ClassBody:
    case AST_NODE_TYPES.TSModuleBlock:
      return true;
    default:
      return false;
  }
}
