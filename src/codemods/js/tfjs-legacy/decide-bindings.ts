/**
 * Decides about names that an import or a pattern binds: all uses of a legacy name are rewritten together, or none.
 * Pure.
 */
import type { JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { Binding, OriginReference } from '../origins/origin.js';
import type { ExportUse } from './find-export-uses.js';
import type { FileView, Rewriting } from './site.js';

import { findOverlap } from '../../edits/overlap.js';
import { RefusalReason } from '../../refusal-reason.js';

import { type BindingRequest, parentPath, planBindingGroup, type WantedUse } from './binding-group.js';
import { type Decision, kindOf, type OtherUse, type PlannedEdits, refused } from './decision.js';
import { withMovedTextEdited } from './moved-text.js';

/** A bound name and its legacy uses. */
export interface BoundName {
  readonly binding: Binding;
  /** The entry of the name itself. */
  own: JavaScriptEntry | undefined;
  /** Uses of the name itself. */
  readonly uses: { readonly use: ExportUse; readonly rewriting: Rewriting | RefusalReason | undefined }[];
  /** Uses through the name that need another import, independently of each other. */
  readonly single: WantedUse[];
}

/** Why a name is left as it is. */
interface Obstacle {
  readonly reason: RefusalReason | undefined;
  readonly because?: OtherUse;
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
    const early = new Map<BoundName, Obstacle>();
    const requests = new Map<BoundName, BindingRequest>();
    for (const name of group) {
      const whole = wholeOf(name);
      if (whole !== undefined && 'reason' in whole) early.set(name, whole);
      const wanted = whole !== undefined && 'to' in whole ? whole : undefined;
      const uses = wanted === undefined ? [] : (name.uses as readonly WantedUse[]);
      requests.set(name, { binding: name.binding, whole: wanted, uses, single: name.single });
    }
    const plan = planBindingGroup(file, [...requests.values()]);
    const planned: PlannedEdits = { edits: plan.edits };
    // All uses share one import, so a later pass cannot apply one of them alone.
    const overlap =
      findOverlap(withMovedTextEdited(file.source.text, plan.edits)) === undefined
        ? undefined
        : RefusalReason.OverlappingEdit;
    for (const [name, request] of requests) {
      const { binding, own } = name;
      if (own !== undefined && !isOnlyPassedThrough(name)) {
        const late = plan.refused.get(request) ?? overlap;
        const refusal = early.get(name) ?? (late === undefined ? undefined : { reason: late });
        const node = binding.node;
        const kind = binding.from === undefined ? 'import' : 'member';
        if (refusal !== undefined) decisions.push({ entry: own, kind, node, planned: undefined, ...refusal });
        else {
          decisions.push({ entry: own, kind, node, planned, reason: undefined });
          replaced.add(binding);
          for (const { use, rewriting } of request.uses) newPaths.set(use.reference, rewriting.to ?? use.path);
        }
      }
      for (const wanted of request.single) {
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

/** Groups names that one scope takes from one path of one module. Suggestions and fixes are planned separately. */
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

/** The rewrite of the name itself, or the first reason against it. */
function wholeOf(name: BoundName): Rewriting | Obstacle | undefined {
  const { own, uses } = name;
  if (own === undefined || isOnlyPassedThrough(name)) return undefined;
  const fix = own.fix ?? own.suggestion;
  if (fix === undefined) return { reason: undefined };
  for (const { use, rewriting } of uses) {
    if (typeof rewriting !== 'object')
      return { reason: rewriting, because: { name: use.path.join('.'), node: use.site.node } };
  }
  if (!('to' in fix) || typeof fix.to === 'string') return { reason: RefusalReason.ConditionNotProved };
  return { to: fix.to, ...(fix.kind === 'value-to-call' ? { suffix: '()' as const } : {}), edits: [] };
}

/** Whether the code uses the name only to reach a legacy member, as in `Scalar.new(…)`. */
function isOnlyPassedThrough({ uses, single }: BoundName): boolean {
  return uses.length === 0 && single.length > 0;
}
