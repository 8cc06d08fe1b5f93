/** Plans the wraps of one function. Where the model is built decides how. Pure. */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';
import type { GroupContext } from './group-context.js';
import type { ProjectContext } from './project-context.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { enclosingClass, enclosingFunction } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, type PyNode } from '../../syntax/node.js';
import { buildPlaceOf } from '../model/build-place.js';
import { buildSlice } from '../model/build-slice.js';
import { wrapOf } from '../model/wrap-group.js';
import { attributeOf, checkNotComposed } from '../uses/attribute-uses.js';

import { nestScopes, overlaps, sharesLine } from './edit-conflicts.js';
import { type GroupPlan, planGroup } from './plan-group.js';
import { planRemoval, planUnusedWrap } from './plan-removal.js';
import { doCross, doOverlap, type RangeInFunction } from './text-range.js';

/** The plan of some wraps of one function. */
export interface PlannedWraps {
  readonly sites: readonly WrapSite[];
  readonly plan: GroupPlan | Refusal;
}

/** The state that the plans of several functions share. */
export interface SharedState {
  /** Imports that the plan of the file removes. */
  readonly removedImports: ReadonlySet<PyNode>;
  /** The names of the strategies so far; gains the name of each planned one. */
  readonly usedNames: Set<string>;
}

/** The wraps of each function. A wrap whose result is unused forms a group on its own. */
export function wrapsByFunction(sites: readonly WrapSite[]): WrapSite[][] {
  const groups = new Map<PyNode | undefined, WrapSite[]>();
  for (const site of sites) {
    const owner = site.form === 'discarded' ? site.call : enclosingFunction(site.call);
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, [site]);
    else group.push(site);
  }
  return [...groups.values()];
}

/** Plans the wraps of one function: with one strategy if possible, because they may train together, or each alone. */
export function planWraps(
  module: PythonModule,
  sites: readonly WrapSite[],
  shared: SharedState,
  context: ProjectContext,
): PlannedWraps[] {
  const composed = firstComposed(module, sites, context);
  if (composed !== undefined) return [{ sites, plan: planComposed(module, sites, composed, shared, context) }];
  const together = planTogether(module, sites, shared, context);
  if (!isRefusal(together) || sites.length === 1) return [withName({ sites, plan: together }, shared)];
  const apart = sites.map((site) =>
    withName({ sites: [site], plan: planTogether(module, [site], shared, context) }, shared),
  );
  if (!overlap(apart)) return withoutHalfModels(module, apart);
  const isBuiltElsewhere = apart.some(({ plan }) => !isRefusal(plan) && plan.building !== undefined);
  if (isBuiltElsewhere) return [{ sites, plan: REFUSALS.builtInTurns }];
  // One of the models may still do without the others.
  const alone = apart.map((only) =>
    withoutHalfModels(
      module,
      apart.map((each) => (each === only ? only : { sites: each.sites, plan: together })),
    ),
  );
  return alone.find((planned) => planned.some(({ plan }) => !isRefusal(plan))) ?? [{ sites, plan: together }];
}

/** Refuses the wraps of different functions whose models a third function builds in turns: their scopes would cross. */
export function withoutModelsInTurns(planned: readonly PlannedWraps[]): PlannedWraps[] {
  return planned.map((each) => {
    const isCrossed = planned.some((other) => other !== each && doCrossScopes(each.plan, other.plan));
    return isCrossed ? { sites: each.sites, plan: REFUSALS.builtInTurns } : each;
  });
}

function doCrossScopes(a: PlannedWraps['plan'], b: PlannedWraps['plan']): boolean {
  if (isRefusal(a) || isRefusal(b)) return false;
  return nestScopes(a.edits, b.edits) || doCross(a.building ?? [], b.building ?? []);
}

/** Where the models of a plan are built. */
function rangesIn({ plan }: PlannedWraps): readonly RangeInFunction[] {
  if (isRefusal(plan)) return [];
  return plan.building ?? (plan.range === undefined ? [] : [plan.range]);
}

/** Refuses the wraps that share a model with one that stays, until none does. */
function withoutHalfModels(module: PythonModule, planned: readonly PlannedWraps[]): PlannedWraps[] {
  const next = planned.map((each) => withoutSharedModels(module, each, planned));
  return next.every((each, index) => each === planned[index]) ? next : withoutHalfModels(module, next);
}

/** Refuses a wrap that moves statements into a scope which build the model of a wrap that stays. */
function withoutSharedModels(module: PythonModule, planned: PlannedWraps, all: readonly PlannedWraps[]): PlannedWraps {
  const { plan, sites } = planned;
  if (isRefusal(plan) || plan.range === undefined) return planned;
  const { start, end } = plan.range;
  for (const other of all) {
    if (!isRefusal(other.plan)) continue;
    for (const site of other.sites) {
      const { template } = wrapOf(module, site);
      const building = template === undefined ? [] : buildSlice(module, template, site.statement).statements;
      if (building.some((statement) => statement.start < end && start < statement.end)) {
        const line = module.source.lineAt(site.call.start) + 1;
        return { sites, plan: REFUSALS.sharesModelWithRefused(line, other.plan.reason) };
      }
    }
  }
  return planned;
}

/** Whether the building of one wrap overlaps that of another, or both change the same text. */
function overlap(planned: readonly PlannedWraps[]): boolean {
  return (
    doOverlap(planned.flatMap(rangesIn)) ||
    changeTheSameText(planned.flatMap(({ plan }) => (isRefusal(plan) ? [] : [plan.edits])))
  );
}

function changeTheSameText(plans: readonly (readonly TextEdit[])[]): boolean {
  return plans.some((a, index) => plans.slice(index + 1).some((b) => overlaps(a, b) || sharesLine(a, b)));
}

function withName(planned: PlannedWraps, { usedNames }: SharedState): PlannedWraps {
  const { plan } = planned;
  if (!isRefusal(plan) && plan.strategy !== undefined) usedNames.add(plan.strategy);
  return planned;
}

/** A wrap whose attribute another file combines into a larger model. */
interface ComposedWrap {
  readonly site: WrapSite;
  readonly refusal: Refusal;
}

function firstComposed(
  module: PythonModule,
  sites: readonly WrapSite[],
  context: ProjectContext,
): ComposedWrap | undefined {
  for (const site of sites) {
    const { target } = site;
    if (target?.type !== 'attribute') continue;
    const attribute = module.source.textOf(childByField(target, 'attribute') ?? target);
    const refusal = checkNotComposed(context.project, attributeOf(module, enclosingClass(target), attribute));
    if (refusal !== undefined) return { site, refusal };
  }
  return undefined;
}

/** The class builds the model in the scope that the other files enter, if all of them can. */
function planComposed(
  module: PythonModule,
  sites: readonly WrapSite[],
  { site, refusal }: ComposedWrap,
  shared: SharedState,
  context: ProjectContext,
): GroupPlan | Refusal {
  if (sites.length > 1 || !context.isComposedInScope(module, enclosingClass(site.call))) return refusal;
  return planGroup(module, [wrapOf(module, site)], { ...shared, context, runsInCallersScope: true });
}

function planTogether(
  module: PythonModule,
  sites: readonly WrapSite[],
  shared: SharedState,
  context: ProjectContext,
): GroupPlan | Refusal {
  const [only] = sites;
  if (only?.form === 'discarded') return planUnusedWrap(module, only, shared.removedImports);
  const wraps = sites.map((site) => wrapOf(module, site));
  const own: GroupContext = { ...shared, context, runsInCallersScope: false };
  const [first, ...others] = wraps;
  if (first === undefined || others.length > 0) return planGroup(module, wraps, own);
  const place = buildPlaceOf(context.project, module, first);
  return planRemoval(context.project, module, first, shared.removedImports) ?? planGroup(module, wraps, own, place);
}
