/** Decides how to rewrite methods and properties of receivers whose type is known. Pure. */
import type { JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { Decision } from './decision.js';
import type { FileView } from './site.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { findReceiverUses } from './find-receiver-uses.js';
import { isSiteFix, rewritingAt } from './fixers/fixer-table.js';

export function decideReceiverUses(file: FileView, isWanted: (entry: JavaScriptEntry) => boolean): Decision[] {
  return findReceiverUses(file)
    .filter(({ entry }) => isWanted(entry))
    .map(({ entry, site, isCertain }): Decision => {
      const fix = entry.fix ?? entry.suggestion;
      const rewriting = fix !== undefined && isSiteFix(fix) ? rewritingAt(site, fix) : undefined;
      const kind = entry.kind === 'option' ? 'option' : 'member';
      // The receiver may be a chain of many lines, so the finding points at the name of the method.
      const common = { entry, kind, node: nameOf(site.node), isProbable: !isCertain } as const;
      if (typeof rewriting === 'object') return { ...common, planned: { edits: rewriting.edits }, reason: undefined };
      return { ...common, planned: undefined, reason: rewriting };
    });
}

function nameOf(node: Node): Node {
  return node.type === AST_NODE_TYPES.MemberExpression ? node.property : node;
}
