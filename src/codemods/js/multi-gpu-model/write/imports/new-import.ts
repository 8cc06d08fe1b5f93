/** Writes the import of the runtime, and finds where to insert it. Pure. */
import type { TextEdit } from '../../../../result.js';
import type { Origins } from '../../../origins/origin.js';
import type { JavaScriptSource } from '../../../syntax/parse.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { RUNTIME_MODULE } from '../../../lifecycle/vocabulary-table.js';
import { isInside } from '../../../syntax/syntax-tree.js';
import { codeStyleOf, preferredQuote } from '../code-style.js';
import { endWithComment, lineEndAt } from '../text-layout.js';

import { isLoadingStatement, usesImportStatements } from './loading-statements.js';

/** The exports of the runtime that migrated code uses. */
export const RUNTIME_NAMES = [
  'MirroredStrategy',
  'MultiWorkerMirroredStrategy',
  'TFConfigClusterResolver',
  'getStrategy',
] as const;
export type RuntimeName = (typeof RUNTIME_NAMES)[number];

/** The exports of the runtime that a text mentions. */
export function runtimeNamesIn(text: string): RuntimeName[] {
  return RUNTIME_NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
}

/** The text with the local names of the exports. */
export function withLocalNames(text: string, localNames: LocalNames): string {
  return text.replace(new RegExp(`\\b(?:${RUNTIME_NAMES.join('|')})\\b`, 'g'), (name) => {
    const known = RUNTIME_NAMES.find((each) => each === name);
    return (known === undefined ? undefined : localNames.get(known)) ?? name;
  });
}

/** The local name of each used export of the runtime. */
export type LocalNames = ReadonlyMap<RuntimeName, string>;

/** The statement that loads some exports of the runtime, in the module system and style of the file. */
export function importStatement(
  source: JavaScriptSource,
  origins: Origins,
  names: readonly RuntimeName[],
  localNames: LocalNames,
): string {
  const quote = preferredQuote(source);
  const module = `${quote}${RUNTIME_MODULE}${quote}`;
  const { semicolon } = codeStyleOf(source);
  const isImport = usesImportStatements(source, origins);
  const list = names.map((name) => {
    const local = localNames.get(name) ?? name;
    return local === name ? name : isImport ? `${name} as ${local}` : `${name}: ${local}`;
  });
  const keyword = /^var\b/m.test(source.text) && !/^(?:const|let)\b/m.test(source.text) ? 'var' : 'const';
  return isImport
    ? `import { ${list.join(', ')} } from ${module}${semicolon}`
    : `${keyword} { ${list.join(', ')} } = require(${module})${semicolon}`;
}

/** Inserts an import after the last import of TensorFlow, else after the last import, directive or shebang. */
export function insertionOf(statement: string, source: JavaScriptSource, { sources }: Origins): TextEdit {
  const { body } = source.ast;
  const provider = body.findLast(
    (each) => isLoadingStatement(each) && sources.some(({ node }) => isInside(node, each)),
  );
  const directive = body.findLast(
    (each) => each.type === AST_NODE_TYPES.ExpressionStatement && each.directive !== undefined,
  );
  const previous = provider ?? body.findLast(isLoadingStatement) ?? directive;
  if (previous !== undefined) {
    const end = endWithComment(source, previous);
    return { start: end, end, text: `\n${statement}` };
  }
  const { text } = source;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const start = text.startsWith('#!') ? Math.min(text.length, lineEndAt(text, 0) + newline.length) : 0;
  return { start, end: start, text: `${statement}\n` };
}
