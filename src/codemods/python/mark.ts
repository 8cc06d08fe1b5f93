/** Where a `TODO(mirrorscope)` comment goes in Python: before the statement. Pure. */
import type { Finding, TextEdit } from '../result.js';
import type { PyNode } from './syntax/node.js';
import type { PythonSource } from './syntax/source.js';

import { markerEdit } from '../edits/marker.js';

import { isBlock } from './analysis/statements.js';

/** One edit for each finding that has no comment yet; equal comments at one statement are left once. */
export function markPython(source: PythonSource, findings: readonly Finding[]): TextEdit[] {
  const edits = new Map<string, TextEdit>();
  for (const finding of findings) {
    const edit = markerEdit(source.text, statementStart(source.root, finding.start.offset), finding, '#');
    if (edit !== undefined) edits.set(`${edit.start} ${edit.text}`, edit);
  }
  return [...edits.values()];
}

function statementStart(root: PyNode, offset: number): number {
  let start = 0;
  let node: PyNode | undefined = root;
  while (node !== undefined) {
    if (node.parent !== undefined && isBlock(node.parent)) start = node.start;
    node = node.children.find((child) => child.start <= offset && offset < child.end);
  }
  return start;
}
