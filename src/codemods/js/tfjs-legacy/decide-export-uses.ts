/** Decides how to rewrite each use of a module's exports: in place, with a new import, or not at all. Pure. */
import type { Fix, JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { RewrittenExports } from './module-uses.js';
import type { FileView, Rewriting } from './site.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { RefusalReason } from '../../refusal-reason.js';
import { type Binding, memberPath, type OriginReference, type ReExport } from '../origins/origin.js';

import { type BoundName, decideBindings } from './decide-bindings.js';
import { type Decision, kindOf, refused } from './decision.js';
import { type ExportUse, exportUseOf, legacyBindingOf, legacyExportOf } from './find-export-uses.js';
import { isSiteFix, rewritingAt } from './fixers/fixer-table.js';
import { isReachable, memberNameEdits } from './member-name.js';
import { reExportEdits } from './re-exports.js';

export interface ExportDecisions extends RewrittenExports {
  readonly decisions: readonly Decision[];
}

export function decideExportUses(file: FileView, isWanted: (entry: JavaScriptEntry) => boolean): ExportDecisions {
  const decisions: Decision[] = [];
  const newPaths = new Map<OriginReference, readonly string[]>();
  const names = new Map<Binding, BoundName>();
  for (const binding of file.origins.bindings.filter(isNamed))
    names.set(binding, { binding, own: undefined, uses: [], single: [] });
  for (const [binding, name] of names) {
    const own = legacyBindingOf(binding);
    if (own !== undefined && isWanted(own.entry)) name.own = own.entry;
  }

  for (const reference of file.origins.references) {
    const use = exportUseOf(reference, file);
    if (use === undefined || !isWanted(use.entry)) continue;
    const { heldBy } = use;
    if (heldBy !== undefined && use.entry.match.call === undefined) {
      // The name itself is legacy, so the finding points at its import, or at the declaration of an alias.
      names.get(heldBy)?.uses.push({ use, rewriting: rewritingOf(use) });
      continue;
    }
    const rewriting = rewritingOf(use);
    const decision = decideInPlace(use, rewriting);
    if (decision !== undefined) {
      decisions.push(decision);
      if (decision.planned !== undefined && typeof rewriting === 'object')
        newPaths.set(reference, rewriting.to ?? use.path);
      continue;
    }
    const name = reference.binding === undefined ? undefined : names.get(reference.binding);
    if (name === undefined) decisions.push(refused(use, RefusalReason.NotCalledDirectly));
    else name.single.push({ use, rewriting: rewriting as Rewriting });
  }

  const bound = decideBindings(file, [...names.values()]);
  for (const [reference, path] of bound.newPaths) newPaths.set(reference, path);
  decisions.push(
    ...bound.decisions,
    ...file.origins.reExports.flatMap((found) => decideReExport(file, found, isWanted)),
  );
  return {
    decisions,
    pathOf: (reference) => newPaths.get(reference) ?? memberPath(reference.origin.path),
    isReplaced: (binding) => bound.replaced.has(binding),
  };
}

/** Whether an import or a pattern binds the name. An alias of another name does not count. */
function isNamed({ kind, node }: Binding): boolean {
  return kind === 'import-named' || (kind === 'destructured' && node.type === AST_NODE_TYPES.Property);
}

/** What the entry's fix or suggestion would write. */
function rewritingOf({ entry, site }: ExportUse): Rewriting | RefusalReason | undefined {
  const fix = siteFixOf(entry);
  return fix === undefined ? undefined : rewritingAt(site, fix);
}

function siteFixOf({ fix, suggestion }: JavaScriptEntry): Parameters<typeof rewritingAt>[1] | undefined {
  const found: Fix | undefined = fix ?? suggestion;
  return found !== undefined && isSiteFix(found) ? found : undefined;
}

/** A decision that touches no import; `undefined` when the new name has to be imported. */
function decideInPlace(use: ExportUse, rewriting: Rewriting | RefusalReason | undefined): Decision | undefined {
  const { entry } = use;
  if (rewriting === undefined)
    return { entry, kind: kindOf(use), node: use.site.node, planned: undefined, reason: undefined };
  if (typeof rewriting === 'string') return refused(use, rewriting);
  const done = (edits: Rewriting['edits']): Decision => ({
    entry,
    kind: kindOf(use),
    node: use.site.node,
    planned: { edits },
    reason: undefined,
  });
  const { to, suffix } = rewriting;
  const keepsName = suffix === undefined && (to === undefined || to.join('.') === use.path.join('.'));
  const bindsIt = rewriting.removesUse && use.heldBy !== undefined;
  if (keepsName && !bindsIt) return done(rewriting.edits);
  // The rest of the import would load tfjs-node for its side effects next to tfjs, which is another legacy form.
  if (bindsIt && use.site.file.modules.has('@tensorflow/tfjs')) return refused(use, RefusalReason.ConditionNotProved);
  if (bindsIt || use.steps.length === 0 || !isReachable(use, to ?? [])) return undefined;
  const name = memberNameEdits(use.site.file.source.text, use, rewriting);
  return name === undefined ? refused(use, RefusalReason.ConditionNotProved) : done([...name, ...rewriting.edits]);
}

function decideReExport(file: FileView, found: ReExport, isWanted: (entry: JavaScriptEntry) => boolean): Decision[] {
  const entry = legacyExportOf(found.origin);
  if (entry === undefined || !isWanted(entry)) return [];
  const edits = entry.fixClass === 'report' ? undefined : reExportEdits(file.source.text, found, entry);
  const planned = edits === undefined ? undefined : { edits };
  return [{ entry, kind: 'import', node: found.node, planned, reason: RefusalReason.NotCalledDirectly }];
}
