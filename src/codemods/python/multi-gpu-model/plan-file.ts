/** Plans one file: finds the wraps, groups them by function, and decides about the imports last. */
import { type Change, type Finding, type Plan, type TextEdit } from '../../result.js';
import { RefusalReason } from '../../refusal-reason.js';
import { type PythonModule } from '../analysis/module.js';
import { enclosingFunction } from '../analysis/statements.js';
import { type PyNode } from '../syntax/node.js';
import { editImports, legacyImports, vanishingImports } from './import-edits.js';
import { type GroupPlan, planGroup } from './plan-group.js';
import { groupMember } from './group.js';
import { Refusal } from './refusal.js';
import { type WrapSite, type WrapUses, findWrapUses } from './wrap-site.js';

export const MIGRATION = 'multi-gpu-model';
const API = 'keras.utils.multi_gpu_model';

/** Everything that becomes of `multi_gpu_model` in one file. */
export function planFile(module: PythonModule): Plan {
  const uses = findWrapUses(module);
  const optimistic = attempt(module, uses, true);
  return optimistic.refused ? attempt(module, uses, false).plan : optimistic.plan;
}

function attempt(module: PythonModule, uses: WrapUses, importsGo: boolean): { plan: Plan; refused: boolean } {
  const findings: Finding[] = uses.unreadable.map(({ node, refusal }) => refusedFinding(module, node, refusal));
  const edits: TextEdit[] = [];
  const rewritten: Finding[] = [];
  const imports = legacyImports(module);
  const vanishing = importsGo ? vanishingImports(module, imports) : new Set<PyNode>();
  const taken = new Set<string>();
  let needsTensorFlow = false;
  let refused = findings.length > 0;
  for (const group of groupsOf(uses.sites)) {
    for (const part of planTogetherOrApart(module, group, vanishing, taken)) {
      if (part.plan instanceof Refusal) {
        refused = true;
        for (const site of part.sites) findings.push(refusedFinding(module, site.call, part.plan));
        continue;
      }
      if (overlaps(edits, part.plan.edits)) {
        refused = true;
        const refusal = new Refusal(RefusalReason.OverlappingEdit, 'this change touches the same lines as another one');
        for (const site of part.sites) findings.push(refusedFinding(module, site.call, refusal));
        continue;
      }
      edits.push(...part.plan.edits);
      needsTensorFlow ||= part.plan.needsTensorFlow;
      for (const site of part.sites) rewritten.push(finding(module, site.call, 'rewrite', 'multi_gpu_model becomes a strategy whose scope the model is built and compiled in'));
      for (const call of part.plan.weightFiles) {
        findings.push(finding(module, call, 'report', 'weights saved from the wrapped model have another layout; convert them with `mirrorscope convert-weights`'));
      }
    }
  }
  const changes: Change[] = [];
  const importsLeft = importsGo && !refused;
  if (rewritten.length > 0 || (importsLeft && imports.length > 0 && uses.sites.length === 0)) {
    const importEdits = editImports(module, importsLeft ? imports : [], needsTensorFlow, edits);
    if (rewritten.length === 0) {
      for (const { statement } of imports) rewritten.push(finding(module, statement, 'rewrite', 'multi_gpu_model is imported and not used; the import fails on current Keras'));
    }
    changes.push({ findings: rewritten, edits: sorted([...edits, ...importEdits]), safety: 'suggestion' });
  }
  return { plan: { changes, findings }, refused };
}

interface Part {
  readonly sites: readonly WrapSite[];
  readonly plan: GroupPlan | Refusal;
}

/** Models of one function share a strategy when they can, for they may train together; else each has its own. */
function planTogetherOrApart(module: PythonModule, sites: readonly WrapSite[], vanishing: ReadonlySet<PyNode>, taken: Set<string>): Part[] {
  const together = tryPlan(module, sites, vanishing, taken);
  if (!(together instanceof Refusal) || sites.length === 1) return [remember({ sites, plan: together }, taken)];
  return sites.map((site) => remember({ sites: [site], plan: tryPlan(module, [site], vanishing, taken) }, taken));
}

function remember(part: Part, taken: Set<string>): Part {
  if (!(part.plan instanceof Refusal)) taken.add(part.plan.strategy);
  return part;
}

function tryPlan(module: PythonModule, sites: readonly WrapSite[], vanishing: ReadonlySet<PyNode>, taken: ReadonlySet<string>): GroupPlan | Refusal {
  try {
    return planGroup(module, sites.map((site) => groupMember(module, site)), { vanishing, taken });
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function groupsOf(sites: readonly WrapSite[]): WrapSite[][] {
  const groups = new Map<PyNode | undefined, WrapSite[]>();
  for (const site of sites) {
    const owner = enclosingFunction(site.call);
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, [site]);
    else group.push(site);
  }
  return [...groups.values()];
}

function overlaps(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some((x) => b.some((y) => x.start < y.end && y.start < x.end));
}

function sorted(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}

function refusedFinding(module: PythonModule, node: PyNode, refusal: Refusal): Finding {
  return { ...finding(module, node, 'refuse', refusal.detail), reason: refusal.reason };
}

function finding(module: PythonModule, node: PyNode, disposition: Finding['disposition'], message: string): Finding {
  const { source } = module;
  return { migration: MIGRATION, api: API, message, disposition, start: source.position(node.start), end: source.position(node.end) };
}
