/** Writes `TODO(mirrorscope)` comments in Python, above the statement. Pure. */
import type { Finding, TextEdit } from '../result.js';
import type { PyNode } from './syntax/node.js';
import type { PythonSource } from './syntax/source.js';

import { markerEdit } from '../edits/marker.js';

import { isBlock } from './analysis/statements.js';

/** One edit for each finding without a comment; one statement gets the same comment only once. */
export function markPython(source: PythonSource, findings: readonly Finding[]): TextEdit[] {
  const edits = new Map<string, TextEdit>();
  for (const finding of findings) {
    const edit = markerEdit(source.text, statementStart(source.root, finding.start.offset), finding, '#');
    if (edit !== undefined) edits.set(`${edit.start} ${edit.text}`, edit);
  }
  return [...edits.values()];
}

/** Where the statement that contains an offset begins. */
export function statementStart(root: PyNode, offset: number): number {
  let start = 0;
  let node: PyNode | undefined = root;
  while (node !== undefined) {
    if (node.parent !== undefined && isBlock(node.parent)) start = node.start;
    node = node.children.find((child) => child.start <= offset && offset < child.end);
  }
  return start;
}
