/** Groups wraps whose models share a strategy, because they train on the same devices. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { StatementList } from '../analyze/statement-list.js';
import type { Wrap, WrapScope } from '../assess/assess-wrap.js';
import type { BuildSite } from '../assess/build-sites.js';
import type { StrategyPlan } from '../assess/strategy-plan.js';

import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import { type AccessPath, isSamePath } from '../analyze/access-path.js';
import { strategyText } from '../assess/strategy-plan.js';

/** A wrap and one of its build sites. */
export interface GroupedWrap {
  readonly wrap: Wrap;
  readonly site: BuildSite;
}

/** Wraps whose scopes use one strategy in one list of statements. */
export interface WrapGroup {
  readonly list: StatementList;
  readonly first: number;
  readonly strategy: StrategyPlan;
  /** The expression that creates the strategy. */
  readonly text: string;
  readonly members: readonly GroupedWrap[];
}

/** Wraps of one model that would need different strategies. */
export interface GroupConflict {
  readonly wraps: readonly Wrap[];
  readonly refusal: Refusal;
}

/** A build site whose scope opens at a statement. */
interface SiteToGroup extends WrapScope {
  readonly wrap: Wrap;
  readonly list: StatementList;
  readonly model: AccessPath;
}

/** Groups the sites whose scope opens at a statement; it omits those whose scope opens around an expression. */
export function groupWraps(wraps: readonly Wrap[]): { groups: WrapGroup[]; conflicts: GroupConflict[] } {
  const groups: WrapGroup[] = [];
  const conflicts: GroupConflict[] = [];
  for (const site of wraps.flatMap(sitesToGroup)) {
    const sharing = groups.findIndex((group) => isInList(group, site) && sharesModel(group, site));
    const conflict = addTo(groups, sharing, site);
    if (conflict !== undefined) conflicts.push(conflict);
  }
  return { groups, conflicts };
}

function sitesToGroup(wrap: Wrap): SiteToGroup[] {
  return wrap.scopes.flatMap(({ site, strategy }) => {
    const { list, model } = site;
    return list === undefined || model === undefined ? [] : [{ wrap, site, strategy, list, model }];
  });
}

/** Adds a site to the group of its model, to another group with the same strategy, or to a new group. */
function addTo(groups: WrapGroup[], sharing: number, added: SiteToGroup): GroupConflict | undefined {
  const { wrap, site, strategy, list, model } = added;
  const text = strategyText(strategy);
  const member = { wrap, site };
  const ofModel = groups[sharing];
  if (ofModel !== undefined && ofModel.text !== text) {
    const members = [...ofModel.members, member];
    const combined = combinedText(ofModel.strategy, strategy);
    if (combined === undefined)
      return { wraps: members.map((each) => each.wrap), refusal: MULTI_GPU_REFUSALS.differentDevices(model.text) };
    groups[sharing] = { ...ofModel, first: Math.min(ofModel.first, site.first), text: combined, members };
    return undefined;
  }
  const same = groups.findIndex(
    (group) =>
      isInList(group, added) &&
      group.text === text &&
      group.strategy.fallback === strategy.fallback &&
      // A later model can use a strategy that exists already.
      group.first <= site.first,
  );
  const found = groups[same];
  if (found === undefined) groups.push({ list, first: site.first, strategy, text, members: [member] });
  else groups[same] = { ...found, members: [...found.members, member] };
  return undefined;
}

function isInList(group: WrapGroup, { list }: SiteToGroup): boolean {
  return group.list.owner === list.owner;
}

function sharesModel({ members }: WrapGroup, { site, model }: SiteToGroup): boolean {
  return members.some(
    (other) => other.site.model !== undefined && isSamePath(other.site.model, model) && other.site.first === site.first,
  );
}

/**
 * `if (big) model = multiGpuModel(model, 4); else model = multiGpuModel(model, 2);` needs one strategy, chosen by a
 * conditional expression.
 */
function combinedText(a: StrategyPlan, b: StrategyPlan): string | undefined {
  const [one, ...moreOfA] = a.conditions;
  const [two, ...moreOfB] = b.conditions;
  if (one === undefined || two === undefined || moreOfA.length > 0 || moreOfB.length > 0) return undefined;
  if (one.node !== two.node || one.holds === two.holds) return undefined;
  return one.holds ? `${one.text} ? ${a.creation} : ${b.creation}` : `${one.text} ? ${b.creation} : ${a.creation}`;
}
