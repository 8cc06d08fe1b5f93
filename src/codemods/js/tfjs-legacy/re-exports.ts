/** Rewrites `export { loadModel } from '…'` so that the file still exports the old name. Pure. */
import type { JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { TextEdit } from '../../result.js';
import type { ReExport } from '../origins/origin.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

/** @returns The edits; `undefined` when the module does not export the new value under a single name. */
export function reExportEdits(
  text: string,
  { node, origin }: ReExport,
  { fix }: JavaScriptEntry,
): TextEdit[] | undefined {
  if (fix?.kind !== 'rename' || node.type !== AST_NODE_TYPES.ExportSpecifier) return undefined;
  const [name, ...rest] = fix.to;
  if (name === undefined || rest.length > 0 || origin.path.length !== 1) return undefined;
  const { local, exported } = node;
  const isAliased = local.range[0] !== exported.range[0];
  return [
    { start: local.range[0], end: local.range[1], text: isAliased ? name : `${name} as ${text.slice(...local.range)}` },
  ];
}
