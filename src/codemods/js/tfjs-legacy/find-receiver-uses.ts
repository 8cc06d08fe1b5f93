/** Finds legacy methods and properties whose receiver provably has the right type. Decides nothing. Pure. */
import type { FileView, Site } from './site.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { memberName, walk } from '../syntax/syntax-tree.js';

import { callOf } from './call-site.js';
import { isLegacyCall } from './legacy-call.js';
import { type EntryBy, receiverEntries } from './legacy-index.js';
import { ReceiverTypes } from './receiver-types.js';

export interface ReceiverUse {
  readonly entry: EntryBy<'receiver'>;
  readonly site: Site;
}

/** @returns The uses in source order. It leaves out receivers of unknown type. */
export function findReceiverUses(file: FileView): ReceiverUse[] {
  const { source, origins, modules } = file;
  const types = new ReceiverTypes(origins);
  const uses: ReceiverUse[] = [];
  walk(source.ast, source.visitorKeys, (node) => {
    if (node.type !== AST_NODE_TYPES.MemberExpression) return;
    const name = memberName(node);
    const candidates = name === undefined ? [] : receiverEntries(name);
    if (candidates.length === 0 || origins.originOf(node) !== undefined) return;
    const type = types.typeOf(node.object);
    const call = callOf(node);
    const entry = candidates.find(
      ({ match }) =>
        match.type === type &&
        (match.call === undefined || isLegacyCall(call, match.call, { names: origins.names, modules })),
    );
    if (entry !== undefined) uses.push({ entry, site: { entry, file, node, call, usage: 'value' } });
  });
  return uses;
}
