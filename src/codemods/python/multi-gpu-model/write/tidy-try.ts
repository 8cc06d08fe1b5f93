/** Rewrites `try: model = multi_gpu_model(model) except: …`, whose fallback the strategy replaces. Collects edits. */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { ownsItsLines, statementsOf } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, childrenByField, descendants, type PyNode } from '../../syntax/node.js';
/** A `try` statement that only falls back to one device. */
interface Fallback {
  readonly body: PyNode;
  readonly handler: PyNode;
  readonly handlerBlock: PyNode;
}

/**
 * Turns the rest of a fallback into a branch on the number of replicas.
 *
 * @param module - The file.
 * @param editor - Collects the edits.
 * @param statement - The `try` statement.
 * @param removedStatements - Statements that the plan removes.
 * @param strategy - The name of the strategy.
 * @returns Whether nothing is left, so that the whole statement is removed; a refusal when a handler does more than
 * fall back.
 */
export function tidyTry(
  module: PythonModule,
  editor: LineEditor,
  statement: PyNode,
  removedStatements: ReadonlySet<PyNode>,
  strategy: string,
): boolean | Refusal {
  const { source } = module;
  const fallback = readFallback(module, statement);
  if (isRefusal(fallback)) return fallback;
  const { body, handler, handlerBlock } = fallback;
  const all = [...statementsOf(body), ...statementsOf(handlerBlock)];
  if (all.some((node) => !ownsItsLines(source, node))) return REFUSALS.sharedLine;
  const left = (block: PyNode): PyNode[] =>
    statementsOf(block).filter((node) => !removedStatements.has(node) && node.type !== 'pass_statement');
  const [tried, handled] = [left(body), left(handlerBlock)];
  const tryLine = source.lineAt(statement.start);
  const exceptLine = source.lineAt(handler.start);
  const indentation = source.indentation(tryLine);
  const replaceHeader = (line: number, text: string): void => {
    const start = source.lineStart(line) + indentation.length;
    const full = source.lineText(line);
    const code = full.slice(0, /\s#/.exec(full)?.index ?? full.length).trimEnd();
    editor.replace(start, source.lineStart(line) + code.length, text);
  };
  for (const node of all) if (node.type === 'pass_statement') editor.deleteStatement(node);
  if (tried.length === 0 && handled.length === 0) {
    editor.deleteHeader(tryLine);
    editor.deleteHeader(exceptLine);
    const width = source.indentation(source.lineAt(body.start)).length - indentation.length;
    for (let line = tryLine + 1; line <= source.lineAt(statement.end); line++)
      editor.dedent(line, line, Math.min(width, Math.max(0, source.indentation(line).length - indentation.length)));
    return true;
  }
  if (tried.length === 0) {
    editor.deleteHeader(tryLine);
    replaceHeader(exceptLine, `if ${strategy}.num_replicas_in_sync == 1:`);
  } else {
    replaceHeader(tryLine, `if ${strategy}.num_replicas_in_sync > 1:`);
    if (handled.length === 0) editor.deleteHeader(exceptLine);
    else replaceHeader(exceptLine, 'else:');
  }
  return false;
}

/** Reads a `try` with one handler; refuses when the handler does more than fall back. */
function readFallback(module: PythonModule, statement: PyNode): Fallback | Refusal {
  const { source } = module;
  const body = childByField(statement, 'body');
  const handlers = statement.children.filter((child) => child.type === 'except_clause');
  const [handler] = handlers;
  const others = statement.children.some((child) => child.type === 'else_clause' || child.type === 'finally_clause');
  const handlerBlock = handler?.children.find((child) => child.type === 'block');
  if (body === undefined || handler === undefined || handlers.length > 1 || others || handlerBlock === undefined)
    return REFUSALS.tryDoesMore;
  const caught = childrenByField(handler, 'value');
  const named =
    caught.length > 1 ? caught.at(-1) : caught[0]?.type === 'as_pattern' ? caught[0].children.at(-1) : undefined;
  if (named !== undefined && mentions(module, handlerBlock, source.textOf(named))) return REFUSALS.handlerUsesError;
  const leaves = [...descendants(handlerBlock)].some(
    (node) =>
      node.type === 'raise_statement' ||
      node.type === 'return_statement' ||
      /^(exit|quit|sys\.exit)$/.test(node.type === 'call' ? source.textOf(childByField(node, 'function') ?? node) : ''),
  );
  return leaves ? REFUSALS.handlerDoesMore : { body, handler, handlerBlock };
}

function mentions(module: PythonModule, block: PyNode, name: string): boolean {
  for (const node of descendants(block))
    if (node.type === 'identifier' && module.source.textOf(node) === name) return true;
  return false;
}
