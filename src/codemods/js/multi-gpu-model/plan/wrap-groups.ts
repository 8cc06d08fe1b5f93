/** Puts the scopes of several wraps together: models that train on the same devices share a strategy. Pure. */
import type { StatementList } from '../analyze/statement-list.js';
import type { Candidate } from '../assess/assess-wrap.js';
import type { Site } from '../assess/build-sites.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { isSamePlace } from '../analyze/access-path.js';
import { type StrategyPlan, strategyText } from '../assess/strategy-plan.js';
import { type Refusal, refuse } from '../refusal.js';

/** Scopes that one strategy opens in one list of statements. */
export interface Group {
  readonly list: StatementList;
  readonly first: number;
  readonly strategy: StrategyPlan;
  /** The expression that makes the strategy. */
  readonly text: string;
  readonly members: readonly { readonly candidate: Candidate; readonly site: Site }[];
}

/** Wraps of which one model would need two strategies. */
export interface Conflict {
  readonly candidates: readonly Candidate[];
  readonly refusal: Refusal;
}

/** Sites that open a scope at a statement; those that open it inside an expression are left out. */
export function groupSites(candidates: readonly Candidate[]): { groups: Group[]; conflicts: Conflict[] } {
  const groups: Group[] = [];
  const conflicts: Conflict[] = [];
  for (const candidate of candidates) {
    for (const { site, strategy } of candidate.scopes) {
      if (site.list === undefined || site.model === undefined) continue;
      const text = strategyText(strategy);
      const member = { candidate, site };
      const sharing = groups.findIndex(
        (group) =>
          group.list.owner === site.list!.owner && group.members.some((other) => sharesModel(other.site, site)),
      );
      const alternative = sharing === -1 ? undefined : groups[sharing]!;
      if (alternative !== undefined && alternative.text !== text) {
        const both = complementary(alternative.strategy, strategy);
        if (both === undefined) {
          conflicts.push({
            candidates: [...alternative.members.map((each) => each.candidate), candidate],
            refusal: refuse(
              RefusalReason.TemplateUsedSeparately,
              `${site.model.text} is wrapped more than once, for different devices`,
            ),
          });
          continue;
        }
        groups[sharing] = {
          ...alternative,
          first: Math.min(alternative.first, site.first),
          text: both,
          members: [...alternative.members, member],
        };
        continue;
      }
      const same = groups.findIndex(
        (group) =>
          group.list.owner === site.list!.owner &&
          group.text === text &&
          group.strategy.fallback === strategy.fallback &&
          isEarlier(group, site),
      );
      const found = groups[same];
      if (found === undefined) groups.push({ list: site.list, first: site.first, strategy, text, members: [member] });
      else groups[same] = { ...found, members: [...found.members, member] };
    }
  }
  return { groups, conflicts };
}

/** A strategy can be shared with a model that is built after it is made. */
function isEarlier(group: Group, site: Site): boolean {
  return group.first <= site.first;
}

function sharesModel(a: Site, b: Site): boolean {
  return a.model !== undefined && b.model !== undefined && isSamePlace(a.model, b.model) && a.first === b.first;
}

/** `if (big) model = multiGpuModel(model, 4); else model = multiGpuModel(model, 2);` */
function complementary(a: StrategyPlan, b: StrategyPlan): string | undefined {
  const [one, two] = [a.conditions[0], b.conditions[0]];
  if (a.conditions.length !== 1 || b.conditions.length !== 1 || one === undefined || two === undefined)
    return undefined;
  if (one.node !== two.node || one.holds === two.holds) return undefined;
  return one.holds ? `${one.text} ? ${a.creation} : ${b.creation}` : `${one.text} ? ${b.creation} : ${a.creation}`;
}
