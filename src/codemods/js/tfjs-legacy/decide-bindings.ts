/** Decides about names that are bound by an import or a pattern: all uses of a legacy name together, or none. */
import type { JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { Binding, OriginReference } from '../origins/origin.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { ExportUse } from './find-export-uses.js';
import type { FileView, Rewriting } from './site.js';

import { findOverlap } from '../../edits/overlap.js';
import { RefusalReason } from '../../refusal-reason.js';

import { type BindingWishes, parentPath, planBindingGroup, type WantedUse } from './binding-group.js';
import { type Decision, kindOf, type PlannedEdits, refused } from './decision.js';
import { withMovedTextEdited } from './moved-text.js';

/** A bound name with everything that is found of it. */
export interface BoundName {
  readonly binding: Binding;
  /** The entry about the name itself. */
  own: JavaScriptEntry | undefined;
  /** Uses of the name itself. */
  readonly uses: { readonly use: ExportUse; readonly rewriting: Rewriting | RefusalReason | undefined }[];
  /** Uses through the name that want another import, each for itself. */
  readonly single: WantedUse[];
}

export interface BindingDecisions {
  readonly decisions: readonly Decision[];
  readonly newPaths: ReadonlyMap<OriginReference, readonly string[]>;
  readonly replaced: ReadonlySet<Binding>;
}

export function decideBindings(file: FileView, names: readonly BoundName[]): BindingDecisions {
  const decisions: Decision[] = [];
  const newPaths = new Map<OriginReference, readonly string[]>();
  const replaced = new Set<Binding>();
  for (const group of groupsOf(names)) {
    const early = new Map<BoundName, { reason: RefusalReason | undefined; because?: Node }>();
    const wishes = new Map<BoundName, BindingWishes>();
    for (const name of group) {
      const whole = wholeOf(name);
      if (whole !== undefined && 'reason' in whole) early.set(name, whole);
      const wanted = whole !== undefined && 'to' in whole ? whole : undefined;
      const uses = wanted === undefined ? [] : (name.uses as readonly WantedUse[]);
      wishes.set(name, { binding: name.binding, whole: wanted, uses, single: name.single });
    }
    const plan = planBindingGroup(file, [...wishes.values()]);
    const planned: PlannedEdits = { edits: plan.edits };
    // All uses share one import, so that one cannot wait for the other.
    const overlap =
      findOverlap(withMovedTextEdited(file.source.text, plan.edits)) === undefined
        ? undefined
        : RefusalReason.OverlappingEdit;
    for (const [name, wish] of wishes) {
      const { binding, own } = name;
      if (own !== undefined && !isOnlyPassedThrough(name)) {
        const late = plan.refused.get(wish) ?? overlap;
        const refusal = early.get(name) ?? (late === undefined ? undefined : { reason: late });
        const node = binding.node;
        const kind = binding.from === undefined ? 'import' : 'member';
        if (refusal !== undefined) decisions.push({ entry: own, kind, node, planned: undefined, ...refusal });
        else {
          decisions.push({ entry: own, kind, node, planned, reason: undefined });
          replaced.add(binding);
          for (const { use, rewriting } of wish.uses) newPaths.set(use.reference, rewriting.to ?? use.path);
        }
      }
      for (const wanted of wish.single) {
        const { use, rewriting } = wanted;
        const reason = plan.refused.get(wanted) ?? overlap;
        if (reason !== undefined) decisions.push(refused(use, reason));
        else {
          decisions.push({ entry: use.entry, kind: kindOf(use), node: use.site.node, planned, reason: undefined });
          newPaths.set(use.reference, rewriting.to ?? use.path);
        }
      }
    }
  }
  return { decisions, newPaths, replaced };
}

/** Names that are planned together: of one scope, from one path of one module; suggestions apart from fixes. */
function groupsOf(names: readonly BoundName[]): BoundName[][] {
  const groups = new Map<unknown, Map<string, BoundName[]>>();
  for (const name of names) {
    if (name.own === undefined && name.single.length === 0) continue;
    const { binding, own } = name;
    const isSuggestion = (own ?? name.single[0]?.use.entry)?.fixClass === 'report';
    const key = `${isSuggestion ? '?' : '!'}${binding.origin.module} ${parentPath(binding).join('.')}`;
    const inScope = groups.get(binding.variable.scope) ?? new Map<string, BoundName[]>();
    groups.set(binding.variable.scope, inScope.set(key, [...(inScope.get(key) ?? []), name]));
  }
  return [...groups.values()].flatMap((inScope) => [...inScope.values()]);
}

/** What is wanted of the name as a whole: one rewriting, or the first reason against one. */
function wholeOf(name: BoundName): Rewriting | { reason: RefusalReason | undefined; because?: Node } | undefined {
  const { own, uses } = name;
  if (own === undefined || isOnlyPassedThrough(name)) return undefined;
  const fix = own.fix ?? own.suggestion;
  if (fix === undefined) return { reason: undefined };
  for (const { use, rewriting } of uses) {
    if (typeof rewriting !== 'object') return { reason: rewriting, because: use.site.node };
  }
  if (!('to' in fix) || typeof fix.to === 'string') return { reason: RefusalReason.ConditionNotProved };
  return { to: fix.to, ...(fix.kind === 'value-to-call' ? { suffix: '()' as const } : {}), edits: [] };
}

/** `Scalar` of `Scalar.new(…)`: nothing is done with the name but to reach a legacy member of it. */
function isOnlyPassedThrough({ uses, single }: BoundName): boolean {
  return uses.length === 0 && single.length > 0;
}
