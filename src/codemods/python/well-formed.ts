/**
 * Checks that an edited text is still valid Python. The grammar accepts more than Python does, such as wrong
 * indentation, so this checks it separately. Pure.
 */
import type { PyNode } from './syntax/node.js';
import type { PythonSource } from './syntax/source.js';

import { isBlock, statementsOf } from './analysis/statements.js';

/** The fault of a new text that the old one does not have; undefined when there is none. */
export function newFault(before: PythonSource, after: PythonSource): string | undefined {
  if (after.syntaxErrors().length > before.syntaxErrors().length) return 'it does not parse';
  if (before.syntaxErrors().length > 0) return undefined;
  const empty = withoutBody(after);
  if (empty !== undefined && withoutBody(before) === undefined)
    return `the statement at line ${after.lineAt(empty.start) + 1} has no body`;
  const fault = unevenBlock(after);
  return fault === undefined || unevenBlock(before) !== undefined
    ? undefined
    : `the statements at line ${after.lineAt(fault.start) + 1} have different indentation`;
}

const COMPOUND =
  /^(with|if|for|while|try)_statement$|^(function|class)_definition$|^(else|elif|except|finally)_clause$/;

/** A compound statement without a body, which the grammar accepts. */
function withoutBody(source: PythonSource): PyNode | undefined {
  for (const node of source.nodes) {
    if (!COMPOUND.test(node.type)) continue;
    const block = node.children.find((child) => child.type === 'block');
    if (block === undefined || statementsOf(block).length === 0) return node;
  }
  return undefined;
}

/** A statement whose indentation differs from that of the rest of its block. */
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
