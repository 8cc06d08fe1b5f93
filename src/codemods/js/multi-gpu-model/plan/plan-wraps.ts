/** Plans all wraps of a file together, and separates those that conflict or must wait. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Node } from '../../syntax/syntax-tree.js';
import type { Wrap } from '../assess/assess-wrap.js';
import type { WrapCall } from '../find/multi-gpu-uses.js';
import type { PlannedGroup } from './overlapping-groups.js';
import type { WrapRemoval } from './remove-wraps.js';
import type { WrapGroup } from './wrap-groups.js';

import { isRefusal } from '../../../refusal.js';
import { BUILDS } from '../../lifecycle/vocabulary-table.js';
import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import { memberReadFrom } from '../analyze/access-path.js';
import { pathsOfModel } from '../assess/assess-wrap.js';
import { hasOpaqueCall } from '../assess/side-effects.js';

import { overlappingGroups } from './overlapping-groups.js';
import { removeWraps } from './remove-wraps.js';
import { planSegments } from './segments.js';
import { groupWraps } from './wrap-groups.js';

export interface PlannedWraps {
  readonly wraps: readonly Wrap[];
  readonly removal: WrapRemoval;
  readonly groups: readonly PlannedGroup[];
  /** Wraps that conflict with others. */
  readonly refused: ReadonlyMap<WrapCall, Refusal>;
  /** Wraps that can be planned after the change is applied. */
  readonly waiting: readonly WrapCall[];
}

/** Plans as many of the wraps as one change can contain. */
export function planWraps(assessed: readonly Wrap[], source: JavaScriptSource, origins: Origins): PlannedWraps {
  const refused = new Map<WrapCall, Refusal>();
  const waiting = new Set<WrapCall>();
  let wraps = assessed;
  let attempt = planTogether(wraps, source, origins);
  while (attempt.problems.size > 0 || attempt.overlapping.size > 0) {
    for (const [{ wrapCall }, refusal] of attempt.problems) refused.set(wrapCall, refusal);
    for (const { wrapCall } of attempt.overlapping) waiting.add(wrapCall);
    wraps = wraps.filter(({ wrapCall }) => !refused.has(wrapCall) && !waiting.has(wrapCall));
    attempt = planTogether(wraps, source, origins);
  }
  return { wraps, removal: attempt.removal, groups: attempt.groups, refused, waiting: [...waiting] };
}

interface PlanAttempt {
  readonly removal: WrapRemoval;
  readonly groups: readonly PlannedGroup[];
  readonly problems: ReadonlyMap<Wrap, Refusal>;
  readonly overlapping: ReadonlySet<Wrap>;
}

function planTogether(wraps: readonly Wrap[], source: JavaScriptSource, origins: Origins): PlanAttempt {
  const removal = removeWraps(
    wraps.map((wrap) => ({ call: wrap.wrapCall.call, model: wrap.arguments.model })),
    source,
    origins.names,
  );
  const problems = new Map<Wrap, Refusal>();
  for (const wrap of wraps) {
    const test = conditionEvaluatedTwice(wrap, removal, source, origins);
    if (test !== undefined) problems.set(wrap, MULTI_GPU_REFUSALS.conditionEvaluatedTwice.at(test));
  }
  const { groups, conflicts } = groupWraps(wraps);
  for (const conflict of conflicts) for (const wrap of conflict.wraps) problems.set(wrap, conflict.refusal);
  const planned: PlannedGroup[] = [];
  for (const group of groups) {
    const segments = planSegments(scopeRequestOf(group), removal, source, origins);
    if (isRefusal(segments)) for (const { wrap } of group.members) problems.set(wrap, segments);
    else planned.push({ group, segments });
  }
  const overlapping = problems.size > 0 ? new Set<Wrap>() : overlappingGroups(planned);
  return { removal, groups: planned, problems, overlapping };
}

function scopeRequestOf({ list, first, members, strategy }: WrapGroup): Parameters<typeof planSegments>[0] {
  return {
    list,
    first,
    paths: members.flatMap(({ wrap, site }) => pathsOfModel(site, wrap.result)),
    calls: members.flatMap(({ site, wrap: { wrapCall } }) => {
      if (site.compilesAt !== undefined) return [site.compilesAt];
      return BUILDS.has(memberReadFrom(wrapCall.call) ?? '') ? [wrapCall.call] : [];
    }),
    hoisted: [...strategy.hoisted, ...(strategy.fallback === undefined ? [] : [strategy.fallback])],
  };
}

/** A condition with unknown effects that the strategy and the remaining code would both evaluate. */
function conditionEvaluatedTwice(
  { scopes }: Wrap,
  removal: WrapRemoval,
  { visitorKeys }: JavaScriptSource,
  { names }: Origins,
): Node | undefined {
  const deletions = removal.edits.filter(({ text }) => text === '');
  return scopes
    .filter(({ site }) => site.model !== undefined)
    .flatMap(({ strategy }) => strategy.conditions.map(({ test }) => test))
    .find((test) => {
      const [testStart, testEnd] = test.range;
      const isDeleted =
        removal.isRemoved(test) || deletions.some(({ start, end }) => start <= testStart && testEnd <= end);
      return !isDeleted && hasOpaqueCall(test, names, visitorKeys);
    });
}
