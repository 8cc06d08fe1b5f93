/**
 * Finds legacy methods and properties by the type of their receiver. A probable type is enough for entries that are
 * only reported. Decides nothing. Pure.
 */
import type { FileView, Site } from './site.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { literalString, memberName, walk } from '../syntax/syntax-tree.js';

import { type Call, callOf } from './call-site.js';
import { isLegacyCall } from './legacy-call.js';
import { type EntryBy, receiverEntries } from './legacy-index.js';
import { ReceiverTypes } from './receiver-types.js';

export interface ReceiverUse {
  readonly entry: EntryBy<'receiver'>;
  readonly site: Site;
  /** Whether the type of the receiver is proved, or the name alone decides. */
  readonly isCertain: boolean;
}

/** @returns The uses in source order. It leaves out receivers of unknown type, unless the name is distinctive. */
export function findReceiverUses(file: FileView): ReceiverUse[] {
  const { source, origins, modules } = file;
  const types = new ReceiverTypes(source, origins);
  const uses: ReceiverUse[] = [];
  walk(source.ast, source.visitorKeys, (node) => {
    if (node.type !== AST_NODE_TYPES.MemberExpression) return;
    const name = memberName(node);
    const candidates = name === undefined ? [] : receiverEntries(name);
    if (candidates.length === 0 || origins.originOf(node) !== undefined) return;
    const type = types.typeOf(node.object);
    const call = callOf(node);
    const entry = candidates.find(({ match, fixClass }) => {
      if (match.call !== undefined && !isLegacyCall(call, match.call, { names: origins.names, modules })) return false;
      if (type === undefined) return match.distinctive === true && call !== undefined;
      return match.type === type.type && (type.isCertain || (fixClass === 'report' && isPlausible(call)));
    });
    if (entry === undefined) return;
    const isCertain = type === undefined || type.isCertain;
    uses.push({ entry, site: { entry, file, node, call, usage: 'value' }, isCertain });
  });
  return uses;
}

/** Whether a call can be one of a tensor's methods, which take no texts. */
function isPlausible(call: Call | undefined): boolean {
  return call?.arguments.every((argument) => literalString(argument) === undefined) ?? false;
}
