/**
 * Whether a text that was made by edits still is Python: the grammar forgives more than Python does, above all
 * wrong indentation, so that is looked at separately. Pure.
 */
import type { PyNode } from './syntax/node.js';
import type { PythonSource } from './syntax/source.js';

import { isBlock, statementsOf } from './analysis/statements.js';

/** What is wrong with the new text that was not wrong with the old one, or undefined. */
export function newFault(before: PythonSource, after: PythonSource): string | undefined {
  if (after.syntaxErrors().length > before.syntaxErrors().length) return 'it does not parse';
  if (before.syntaxErrors().length > 0) return undefined;
  const empty = withoutBody(after);
  if (empty !== undefined && withoutBody(before) === undefined)
    return `the statement at line ${after.lineAt(empty.start) + 1} has no body`;
  const fault = unevenBlock(after);
  return fault === undefined || unevenBlock(before) !== undefined
    ? undefined
    : `the statements at line ${after.lineAt(fault.start) + 1} are not indented alike`;
}

const COMPOUND =
  /^(with|if|for|while|try)_statement$|^(function|class)_definition$|^(else|elif|except|finally)_clause$/;

/** A statement whose colon nothing follows: the grammar lets that pass. */
function withoutBody(source: PythonSource): PyNode | undefined {
  for (const node of source.nodes) {
    if (!COMPOUND.test(node.type)) continue;
    const block = node.children.find((child) => child.type === 'block');
    if (block === undefined || statementsOf(block).length === 0) return node;
  }
  return undefined;
}

/** A statement that is not indented like the others of its block. */
function unevenBlock(source: PythonSource): PyNode | undefined {
  for (const block of source.nodes) {
    if (!isBlock(block)) continue;
    let expected = block.type === 'module' ? '' : undefined;
    for (const statement of statementsOf(block)) {
      const line = source.lineAt(statement.start);
      const indentation = source.indentation(line);
      if (source.lineStart(line) + indentation.length !== statement.start) continue;
      expected ??= indentation;
      if (expected !== indentation) return statement;
    }
  }
  return undefined;
}
