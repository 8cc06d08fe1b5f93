/** Removes the device scopes in which a model was built. Collects edits. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';

import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, descendants, type PyNode } from '../../syntax/node.js';
import { deviceOf } from '../model/flatten-device-scopes.js';

/** Removes every device scope of a block that `removesDevice` accepts, and dedents its body. */
export function removeDeviceScopes(
  module: PythonModule,
  editor: LineEditor,
  block: PyNode,
  removesDevice: (statement: PyNode) => boolean,
): Refusal | undefined {
  for (const node of descendants(block)) {
    if (node.type !== 'with_statement' || deviceOf(module, node) === undefined || !removesDevice(node)) continue;
    const refusal = removeDeviceScope(module, editor, node);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function removeDeviceScope(module: PythonModule, editor: LineEditor, statement: PyNode): Refusal | undefined {
  const { source } = module;
  const body = childByField(statement, 'body');
  const header = source.lineAt(statement.start);
  if (body === undefined || source.lineAt(body.start) === header) return REFUSALS.deviceSharesLine;
  const outer = source.indentation(header).length;
  const width = source.indentation(source.lineAt(body.start)).length - outer;
  const colon = statement.children.find((child) => child.type === ':');
  editor.deleteHeader(header, source.lineAt(colon?.start ?? statement.start));
  for (let line = header + 1; line <= source.lineAt(body.end); line++)
    editor.dedent(line, line, Math.min(width, Math.max(0, source.indentation(line).length - outer)));
  return undefined;
}
