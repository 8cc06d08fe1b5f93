/** `export { loadModel } from '…'`: another name inside, the same name outside. Pure. */
import type { JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { TextEdit } from '../../result.js';
import type { ReExport } from '../origins/origin.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

/** `undefined` when the new value is not an export of the same module under one name. */
export function reExportEdits(
  text: string,
  { node, origin }: ReExport,
  { fix }: JavaScriptEntry,
): TextEdit[] | undefined {
  if (fix?.kind !== 'rename' || node.type !== AST_NODE_TYPES.ExportSpecifier) return undefined;
  if (fix.to.length !== 1 || origin.path.length !== 1) return undefined;
  const { local, exported } = node;
  const isAliased = local.range[0] !== exported.range[0];
  const name = fix.to[0]!;
  return [
    { start: local.range[0], end: local.range[1], text: isAliased ? name : `${name} as ${text.slice(...local.range)}` },
  ];
}
