/**
 * Plans the migration of one file: judges every wrap, puts those that can go into one change and
 * gives a reason for each that stays. Pure.
 */
import type { MigrationContext } from '../../migration.js';
import type { Change, Disposition, Finding, Plan, TextEdit } from '../../result.js';
import type { Origins } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Node } from '../syntax/syntax-tree.js';

import { positionsIn } from '../../edits/positions.js';
import { literalsOf } from '../../needle.js';
import { RefusalReason } from '../../refusal-reason.js';
import { ReExportFollower } from '../project/re-exports.js';

import { editsAcrossFiles } from './across-files/edits-across-files.js';
import { BUILDING_METHODS } from './api-table.js';
import { type Candidate, Judge, placesOf } from './assess/assess-wrap.js';
import { hasOpaqueCall } from './assess/moved-expression.js';
import {
  findMultiGpuUses,
  type FindOptions,
  multiGpuModules,
  type MultiGpuUses,
  type WrapCall,
} from './find/multi-gpu-uses.js';
import { multiGpuModelInfo } from './info.js';
import { EVALUATED_TWICE, NOT_CALLED } from './messages.js';
import { overlappingGroups } from './plan/overlapping-groups.js';
import { reduceWraps, type Reduction } from './plan/remove-wraps.js';
import { memberReadOff, planSegments } from './plan/segments.js';
import { groupSites } from './plan/wrap-groups.js';
import { isRefusal, type Refusal } from './refusal.js';
import { removeUnusedNames, unusedBindings } from './write/imports.js';
import { usesSemicolons } from './write/text-layout.js';
import { type PlannedGroup, writePlan } from './write/write-plan.js';

export function planMultiGpuModel(source: JavaScriptSource, context: MigrationContext): Plan {
  const uses = findMultiGpuUses(source, { modules: context.modules, ...redirectFor(context) });
  const findingAt = findingMaker(source);
  const refused = new Map<WrapCall, Refusal>();
  const judge = new Judge(source, uses.origins, uses.calls);
  let candidates: Candidate[] = [];
  for (const wrap of uses.calls) {
    const judged = judge.judge(wrap);
    if (isRefusal(judged)) refused.set(wrap, judged);
    else candidates.push(judged);
  }
  const waiting = new Set<WrapCall>();
  let planned = planTogether(candidates, source, uses);
  while (planned.problems.size > 0 || planned.waiting.size > 0) {
    for (const [candidate, refusal] of planned.problems) refused.set(candidate.wrap, refusal);
    for (const candidate of planned.waiting) waiting.add(candidate.wrap);
    candidates = candidates.filter(({ wrap }) => !refused.has(wrap) && !waiting.has(wrap));
    planned = planTogether(candidates, source, uses);
  }
  const changes: Change[] = [];
  if (candidates.length > 0) {
    const edits = writePlan({
      source,
      origins: uses.origins,
      candidates,
      groups: planned.groups,
      reduction: planned.reduction,
    });
    const findings = candidates.map(({ wrap }) =>
      findingAt(wrap.api, wrap.reference.node, 'rewrite', rewriteMessage(wrap.api)),
    );
    changes.push({ findings, edits, safety: 'suggestion' });
  } else {
    changes.push(...unusedImports(source, uses, findingAt));
  }
  if (context.acrossFiles) {
    for (const [wrap, { refused: reason }] of refused) {
      const wide = reason === RefusalReason.ModelNotInView ? editsAcrossFiles(wrap, source, uses, context) : undefined;
      if (wide === undefined) continue;
      refused.delete(wrap);
      changes.push({
        ...wide,
        findings: [findingAt(wrap.api, wrap.reference.node, 'rewrite', rewriteMessage(wrap.api))],
        safety: 'suggestion',
      });
    }
  }
  const findings: Finding[] = [];
  for (const [{ api, reference }, { refused: reason, because }] of refused) {
    findings.push(findingAt(api, reference.node, 'refuse', `${api} is left as it is: ${because}.`, reason));
  }
  for (const { api, node } of uses.loose)
    findings.push(
      findingAt(api, node, 'refuse', `${api} is left as it is: ${NOT_CALLED.because}.`, NOT_CALLED.refused),
    );
  findings.sort((a, b) => a.start.offset - b.start.offset);
  if (waiting.size === 0) return { changes, findings };
  return {
    changes,
    findings,
    waiting: [...waiting].map(({ api, reference }) => findingAt(api, reference.node, 'rewrite', rewriteMessage(api))),
  };
}

/** Follows local modules where other files may be read. */
function redirectFor({ files, absolutePath, modules, reExportedNames }: MigrationContext): FindOptions {
  if (files === undefined || absolutePath === undefined) return {};
  const follower = new ReExportFollower(files, {
    isModule: multiGpuModules(modules),
    needles: [...literalsOf(multiGpuModelInfo.needles), ...reExportedNames],
  });
  return { redirect: follower.redirectFrom(absolutePath) };
}

interface PlannedTogether {
  readonly reduction: Reduction;
  readonly groups: readonly PlannedGroup[];
  readonly problems: ReadonlyMap<Candidate, Refusal>;
  readonly waiting: ReadonlySet<Candidate>;
}

function planTogether(
  candidates: readonly Candidate[],
  source: JavaScriptSource,
  { origins }: MultiGpuUses,
): PlannedTogether {
  const problems = new Map<Candidate, Refusal>();
  const inPlace = (candidate: Candidate): boolean =>
    candidate.scopes.some(({ site }) => site.model === undefined && site.at === candidate.wrap.call);
  const reduction = reduceWraps(
    candidates.map((candidate) => ({
      call: candidate.wrap.call,
      model: candidate.arguments.model,
      keepsArgument: inPlace(candidate),
    })),
    source,
    origins.names,
  );
  for (const candidate of candidates) {
    if (evaluatesTwice(candidate, reduction, source, origins)) problems.set(candidate, EVALUATED_TWICE);
  }
  const { groups, conflicts } = groupSites(candidates);
  for (const { candidates: involved, refusal } of conflicts)
    for (const candidate of involved) problems.set(candidate, refusal);
  const planned: PlannedGroup[] = [];
  for (const group of groups) {
    const { list, first, members, strategy } = group;
    const segments = planSegments(
      {
        list,
        first,
        places: members.flatMap(({ candidate, site }) => placesOf(site, candidate.result)),
        calls: members.flatMap(({ site, candidate: { wrap } }) => {
          if (site.compilesAt !== undefined) return [site.compilesAt];
          return BUILDING_METHODS.has(memberReadOff(wrap.call) ?? '') ? [wrap.call] : [];
        }),
        hoisted: [...strategy.hoisted, ...(strategy.fallback === undefined ? [] : [strategy.fallback])],
      },
      reduction,
      source,
      origins,
    );
    if (isRefusal(segments)) for (const { candidate } of members) problems.set(candidate, segments);
    else planned.push({ group, segments });
  }
  const waiting = problems.size > 0 ? new Set<Candidate>() : overlappingGroups(planned);
  return { reduction, groups: planned, problems, waiting };
}

/** Whether a condition that may do anything would be evaluated for the strategy and once more where it stands. */
function evaluatesTwice(
  { scopes }: Candidate,
  { edits, removed }: Reduction,
  { visitorKeys }: JavaScriptSource,
  { names }: Origins,
): boolean {
  const isGone = (node: Node): boolean => {
    for (let current: Node | undefined = node; current !== undefined; current = current.parent)
      if (removed.has(current)) return true;
    return edits.some(({ start, end, text }) => text === '' && start <= node.range[0] && node.range[1] <= end);
  };
  const tests = scopes
    .filter(({ site }) => site.model !== undefined)
    .flatMap(({ strategy }) => strategy.conditions.map(({ test }) => test));
  return tests.some((test) => hasOpaqueCall(test, names, visitorKeys) && !isGone(test));
}

type FindingMaker = (
  api: string,
  node: Node,
  disposition: Disposition,
  message: string,
  reason?: RefusalReason,
) => Finding;

function findingMaker({ text }: JavaScriptSource): FindingMaker {
  const position = positionsIn(text);
  return (api, node, disposition, message, reason) => ({
    migration: multiGpuModelInfo.name,
    api,
    message,
    disposition,
    ...(reason === undefined ? {} : { reason }),
    start: position(node.range[0]),
    end: position(node.range[1]),
  });
}

/** An import of the function that nothing uses. */
function unusedImports(source: JavaScriptSource, { origins }: MultiGpuUses, findingAt: FindingMaker): Change[] {
  const isGone = (): boolean => false;
  const unused = unusedBindings({ origins, wraps: [], isGone });
  if (unused.length === 0) return [];
  const semicolon = usesSemicolons(source) ? ';' : '';
  const edits: readonly TextEdit[] = removeUnusedNames({ source, origins, isGone, takenNames: new Set(), semicolon });
  const findings = unused.map(({ origin, node }) => {
    const api = origin.path.at(-1) ?? '';
    return findingAt(api, node, 'rewrite', `${api} is imported and never used.`);
  });
  return [{ findings, edits, safety: 'safe' }];
}

function rewriteMessage(api: string): string {
  return `${api} is gone: build and compile the model in the scope of a MirroredStrategy instead.`;
}
