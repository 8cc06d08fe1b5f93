/** `try: model = multi_gpu_model(model) except: …`: what is left of it once the strategy decides. */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { ownsItsLines, statementsOf } from '../../analysis/statements.js';
import { childByField, childrenByField, descendants, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';

/**
 * Turns the rest of a fallback into a branch on the number of replicas.
 *
 * @returns Whether nothing was left and the statement is gone.
 * @throws Refusal when a handler does more than fall back.
 */
export function tidyTry(
  module: PythonModule,
  editor: LineEditor,
  statement: PyNode,
  gone: ReadonlySet<PyNode>,
  strategy: string,
): boolean {
  const { source } = module;
  const body = childByField(statement, 'body');
  const handlers = statement.children.filter((child) => child.type === 'except_clause');
  const [handler] = handlers;
  const others = statement.children.some((child) => child.type === 'else_clause' || child.type === 'finally_clause');
  const handlerBlock = handler?.children.find((child) => child.type === 'block');
  if (body === undefined || handler === undefined || handlers.length > 1 || others || handlerBlock === undefined) {
    throw new Refusal(
      RefusalReason.EvaluationOrder,
      'the try statement around the wrap does more than fall back to one device',
    );
  }
  const caught = childrenByField(handler, 'value');
  const named =
    caught.length > 1 ? caught.at(-1) : caught[0]?.type === 'as_pattern' ? caught[0].children.at(-1) : undefined;
  if (named !== undefined && mentions(module, handlerBlock, source.textOf(named))) {
    throw new Refusal(
      RefusalReason.EvaluationOrder,
      'the except block uses the error, which will not be raised any more',
    );
  }
  for (const node of descendants(handlerBlock)) {
    if (
      node.type === 'raise_statement' ||
      node.type === 'return_statement' ||
      /^(exit|quit|sys\.exit)$/.test(node.type === 'call' ? source.textOf(childByField(node, 'function') ?? node) : '')
    ) {
      throw new Refusal(RefusalReason.EvaluationOrder, 'the except block does more than fall back to one device');
    }
  }
  const left = (block: PyNode): PyNode[] =>
    statementsOf(block).filter((node) => !gone.has(node) && node.type !== 'pass_statement');
  const [tried, handled] = [left(body), left(handlerBlock)];
  for (const node of [...statementsOf(body), ...statementsOf(handlerBlock)]) {
    if (!ownsItsLines(source, node))
      throw new Refusal(RefusalReason.SharedLine, 'several statements share a line here');
  }
  const tryLine = source.lineAt(statement.start);
  const exceptLine = source.lineAt(handler.start);
  const indentation = source.indentation(tryLine);
  const header = (line: number, text: string): void => {
    const start = source.lineStart(line) + indentation.length;
    const full = source.lineText(line);
    const comment = /\s+#.*$/.exec(full)?.[0] ?? '';
    editor.replace(start, source.lineStart(line) + full.length - comment.length, text);
  };
  for (const node of [...statementsOf(body), ...statementsOf(handlerBlock)])
    if (node.type === 'pass_statement') editor.deleteStatement(node);
  if (tried.length === 0 && handled.length === 0) {
    editor.deleteLines(tryLine, tryLine);
    editor.deleteLines(exceptLine, exceptLine);
    const width = source.indentation(source.lineAt(body.start)).length - indentation.length;
    for (let line = tryLine + 1; line <= source.lineAt(statement.end); line++)
      editor.dedent(line, line, Math.min(width, Math.max(0, source.indentation(line).length - indentation.length)));
    return true;
  }
  if (tried.length === 0) {
    editor.deleteLines(tryLine, tryLine);
    header(exceptLine, `if ${strategy}.num_replicas_in_sync == 1:`);
  } else {
    header(tryLine, `if ${strategy}.num_replicas_in_sync > 1:`);
    if (handled.length === 0) editor.deleteLines(exceptLine, exceptLine);
    else header(exceptLine, 'else:');
  }
  return false;
}

function mentions(module: PythonModule, block: PyNode, name: string): boolean {
  for (const node of descendants(block))
    if (node.type === 'identifier' && module.source.textOf(node) === name) return true;
  return false;
}
