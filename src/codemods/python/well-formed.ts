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
  const inconsistent = inconsistentTab(after);
  if (inconsistent !== undefined && inconsistentTab(before) === undefined)
    return `line ${inconsistent + 1} mixes tabs and spaces in a way that Python rejects`;
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

/**
 * The first line whose indentation Python's tokenizer calls an inconsistent use of tabs and spaces. The tokenizer
 * measures each line twice, with tab stops of eight columns and with tabs of one column; both have to agree.
 */
function inconsistentTab(source: PythonSource): number | undefined {
  if (!source.text.includes('\t')) return undefined;
  const levels: Indentation[] = [{ wide: 0, narrow: 0 }];
  for (const statement of source.nodes) {
    if (statement.parent === undefined || !isBlock(statement.parent) || statement.type === 'comment') continue;
    const line = source.lineAt(statement.start);
    const written = source.indentation(line);
    if (source.lineStart(line) + written.length !== statement.start) continue;
    const { wide, narrow } = measured(written);
    while (levels.length > 1 && (levels.at(-1)?.wide ?? 0) > wide) levels.pop();
    const level = levels.at(-1);
    if (level === undefined || level.wide === wide) {
      if (level?.narrow !== narrow) return line;
    } else if (level.narrow >= narrow) return line;
    else levels.push({ wide, narrow });
  }
  return undefined;
}

/** The width of an indentation with tab stops of eight columns, and with tabs of one column. */
interface Indentation {
  readonly wide: number;
  readonly narrow: number;
}

function measured(written: string): Indentation {
  let wide = 0;
  let narrow = 0;
  for (const character of written) {
    if (character === '\f') [wide, narrow] = [0, 0];
    else {
      wide = character === '\t' ? (Math.floor(wide / 8) + 1) * 8 : wide + 1;
      narrow++;
    }
  }
  return { wide, narrow };
}
