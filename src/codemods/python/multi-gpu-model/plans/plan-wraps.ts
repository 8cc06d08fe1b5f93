/** Plans the wraps of one function. Where the model is built decides how. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';
import type { CompositionSite, FileEnvironment } from './file-environment.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { enclosingClass, enclosingFunction } from '../../analysis/statements.js';
import { definitionsReaching } from '../../analysis/variables.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, type PyNode } from '../../syntax/node.js';
import { buildPlaceOf } from '../model/build-place.js';
import { definitionName } from '../model/class-members.js';
import { type GroupContext, type Wrap, wrapOf } from '../model/wrap-group.js';

import { planAttribute } from './plan-attribute.js';
import { type GroupPlan, planGroup } from './plan-group.js';
import { planParameter } from './plan-parameter.js';
import { planRemoval, planUnusedWrap } from './plan-removal.js';

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
  environment: FileEnvironment,
): PlannedWraps[] {
  const composed = firstComposed(module, sites, environment);
  if (composed !== undefined) return [{ sites, plan: planComposed(module, sites, composed, shared, environment) }];
  const together = planTogether(module, sites, shared, environment);
  if (!isRefusal(together) || sites.length === 1) return [withName({ sites, plan: together }, shared)];
  const apart = sites.map((site) =>
    withName({ sites: [site], plan: planTogether(module, [site], shared, environment) }, shared),
  );
  return overlap(apart) ? [{ sites, plan: together }] : withoutHalfModels(module, apart);
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
      const building = template === undefined ? [] : definitionsReaching(module, template, site.statement).statements;
      if (building.some((statement) => statement.start < end && start < statement.end)) {
        const line = module.source.lineAt(site.call.start) + 1;
        return { sites, plan: REFUSALS.sharesModelWithRefused(line, other.plan.reason) };
      }
    }
  }
  return planned;
}

/** Whether the building of one wrap overlaps that of another. */
function overlap(planned: readonly PlannedWraps[]): boolean {
  const ranges = planned.flatMap(({ plan }) => (isRefusal(plan) || plan.range === undefined ? [] : [plan.range]));
  return ranges.some((a, index) => ranges.slice(index + 1).some((b) => a.start < b.end && b.start < a.end));
}

function withName(planned: PlannedWraps, { usedNames }: SharedState): PlannedWraps {
  const { plan } = planned;
  if (!isRefusal(plan) && plan.strategy !== undefined) usedNames.add(plan.strategy);
  return planned;
}

/** A wrap whose attribute another file combines into a larger model. */
interface ComposedWrap {
  readonly site: WrapSite;
  readonly composedAt: CompositionSite;
}

function firstComposed(
  module: PythonModule,
  sites: readonly WrapSite[],
  environment: FileEnvironment,
): ComposedWrap | undefined {
  for (const site of sites) {
    const { target } = site;
    if (target?.type !== 'attribute') continue;
    const owner = enclosingClass(target);
    const name = owner === undefined ? undefined : definitionName(module, owner);
    const attribute = module.source.textOf(childByField(target, 'attribute') ?? target);
    const composedAt = environment.composedAt(attribute, name);
    if (composedAt !== undefined) return { site, composedAt };
  }
  return undefined;
}

/** The class builds the model in the scope that the other files enter, if all of them can. */
function planComposed(
  module: PythonModule,
  sites: readonly WrapSite[],
  { site, composedAt }: ComposedWrap,
  shared: SharedState,
  environment: FileEnvironment,
): GroupPlan | Refusal {
  if (sites.length > 1 || !environment.isComposedInScope(module, enclosingClass(site.call)))
    return REFUSALS.composedInOtherFile(composedAt);
  const context = { ...groupContext(module, shared, environment), runsInCallersScope: true };
  return planGroup(module, [wrapOf(module, site)], context);
}

function planTogether(
  module: PythonModule,
  sites: readonly WrapSite[],
  shared: SharedState,
  environment: FileEnvironment,
): GroupPlan | Refusal {
  const [only] = sites;
  if (only?.form === 'discarded') return planUnusedWrap(module, only);
  const wraps = sites.map((site) => wrapOf(module, site));
  const context = groupContext(module, shared, environment);
  const [first, ...others] = wraps;
  if (first === undefined || others.length > 0) return planGroup(module, wraps, context);
  return (
    planRemoval(module, first, context.trainedInOtherFiles) ??
    planSingleWrap(module, first, context, environment.importedByOtherFiles)
  );
}

function planSingleWrap(
  module: PythonModule,
  wrap: Wrap,
  context: GroupContext,
  importedByOtherFiles: (name: string) => boolean,
): GroupPlan | Refusal {
  const place = buildPlaceOf(module, wrap, importedByOtherFiles);
  switch (place.kind) {
    case 'method':
      return planAttribute(module, place, context);
    case 'callers': {
      const builtByCallers = { ...context, compiledInOtherFiles: () => false, builtByCallers: true };
      return planParameter(module, wrap, place, builtByCallers);
    }
    case 'function':
      return planGroup(module, [wrap], context);
  }
}

function groupContext(
  module: PythonModule,
  { removedImports, usedNames }: SharedState,
  environment: FileEnvironment,
): GroupContext {
  const nameOf = (definition: PyNode): string => definitionName(module, definition);
  return {
    target: environment.target,
    removedImports,
    usedNames,
    returnComposedAt: (definition) => {
      const site = environment.returnComposedAt(nameOf(definition));
      return site === undefined ? undefined : REFUSALS.composedInOtherFile(site);
    },
    compiledInOtherFiles: (definition) => environment.compiledInOtherFiles(module, nameOf(definition)),
    onlyPredicts: (call, model) => environment.onlyPredicts(module, call, model),
    trainedInOtherFiles: (attribute, owner, orPassOn) =>
      environment.trainedInOtherFiles(attribute, nameOf(owner), orPassOn),
    subclassesOf: (owner) => environment.subclassesOf(nameOf(owner)),
    definitionsOf: (callee) => environment.definitionsOf(module, callee),
    originsOf: (callee) => environment.originsOf(module, callee),
    runsInCallersScope: false,
    builtByCallers: false,
  };
}
