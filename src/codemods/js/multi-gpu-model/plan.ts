/**
 * Plans the migration of one file: assesses each wrap, puts those that can be migrated into one change, and reports the
 * reason for each of the others. Reads other files through the context.
 */
import type { MigrationContext } from '../../migration.js';
import type { StrategyTarget } from '../../options.js';
import type { Refusal } from '../../refusal.js';
import type { Change, Disposition, Finding, Plan, TextEdit } from '../../result.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { Wrap } from './assess/assess-wrap.js';
import type { FindOptions, MultiGpuUses, OtherUse, WrapCall } from './find/multi-gpu-uses.js';
import type { UnknownModuleCall } from './find/unknown-modules.js';

import { positionsIn } from '../../edits/positions.js';
import { literalsOf } from '../../needle.js';
import { isRefusal } from '../../refusal.js';
import { RefusalReason } from '../../refusal-reason.js';
import { ReExportFollower } from '../project/re-exports.js';
import { MULTI_GPU_REFUSALS } from '../refusal-messages-table.js';

import { editsAcrossFiles } from './across-files/edits-across-files.js';
import { wrapAssessor } from './assess/assess-wrap.js';
import { findMultiGpuUses, multiGpuModules } from './find/multi-gpu-uses.js';
import { callsOfUnknownModules } from './find/unknown-modules.js';
import { multiGpuModelInfo } from './info.js';
import { MULTI_WORKER_STEPS } from './multi-worker-messages-table.js';
import { planWraps } from './plan/plan-wraps.js';
import { STRATEGY_CLASSES } from './strategy-creation.js';
import { swapImports } from './write/imports/swap-imports.js';
import { unusedBindings } from './write/imports/unused-bindings.js';
import { writePlan } from './write/write-plan.js';

/** Plans the migration `multi-gpu-model` for one file. */
export function planMultiGpuModel(source: JavaScriptSource, context: MigrationContext): Plan {
  const uses = findMultiGpuUses(source, { modules: context.modules, ...redirectFor(context) });
  const findings = new FindingFactory(source, context.strategy);
  const refused = new Map<WrapCall, Refusal>();
  const assessed: Wrap[] = [];
  const assess = wrapAssessor(source, uses.origins, uses.calls, context.strategy);
  for (const call of uses.calls) {
    const wrap = assess(call);
    if (isRefusal(wrap)) refused.set(call, wrap);
    else assessed.push(wrap);
  }
  const planned = planWraps(assessed, source, uses.origins);
  for (const [call, refusal] of planned.refused) refused.set(call, refusal);

  const changes: Change[] = [];
  if (planned.wraps.length > 0) {
    const edits = writePlan({ source, origins: uses.origins, strategy: context.strategy, ...planned });
    changes.push({
      findings: planned.wraps.map(({ wrapCall }) => findings.rewrite(wrapCall)),
      consequences: findings.consequences(planned.wraps[0]?.wrapCall, edits),
      edits,
      safety: 'suggestion',
    });
  } else {
    changes.push(...unusedImports(source, uses, findings));
  }
  if (context.acrossFiles) {
    for (const [call, { reason }] of refused) {
      if (reason !== RefusalReason.ModelNotInView) continue;
      const edits = editsAcrossFiles(call, source, uses, context);
      if (edits === undefined) continue;
      refused.delete(call);
      const written = [...edits.edits, ...[...edits.otherFiles.values()].flat()];
      const consequences = findings.consequences(call, written);
      changes.push({ ...edits, findings: [findings.rewrite(call)], consequences, safety: 'suggestion' });
    }
  }
  const refusals = [
    ...[...refused].map(([{ api, reference }, refusal]) => findings.refuse({ api, node: reference.node }, refusal)),
    ...uses.otherUses.map((use) => findings.refuse(use, MULTI_GPU_REFUSALS.notCalled)),
    ...callsOfUnknownModules(source, uses, multiGpuModules(context.modules)).map((call) => findings.unknown(call)),
  ].sort((a, b) => a.start.offset - b.start.offset);
  if (planned.waiting.length === 0) return { changes, findings: refusals };
  return { changes, findings: refusals, waiting: planned.waiting.map((call) => findings.rewrite(call)) };
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

class FindingFactory {
  readonly #strategy: StrategyTarget;
  readonly #position: ReturnType<typeof positionsIn>;

  constructor({ text }: JavaScriptSource, strategy: StrategyTarget) {
    this.#strategy = strategy;
    this.#position = positionsIn(text);
  }

  rewrite({ api, reference }: WrapCall): Finding {
    const message = `${api} no longer exists: build and compile the model in the scope of a ${STRATEGY_CLASSES[this.#strategy]} instead.`;
    return this.#finding({ api, node: reference.node }, 'rewrite', message);
  }

  /** What the user has to add to a strategy over several processes. */
  consequences(wrapCall: WrapCall | undefined, edits: readonly TextEdit[]): Finding[] {
    const createsCluster = edits.some(({ text }) => text.includes('{ clusterResolver: new '));
    if (wrapCall === undefined || this.#strategy !== 'multi-worker' || !createsCluster) return [];
    const { api, reference } = wrapCall;
    return MULTI_WORKER_STEPS.map((message) => this.#finding({ api, node: reference.node }, 'report', message));
  }

  unusedImport(use: OtherUse): Finding {
    return this.#finding(use, 'rewrite', `${use.api} is imported and never used.`);
  }

  unknown({ api, reference, module, canBeListed }: UnknownModuleCall): Finding {
    const advice = canBeListed
      ? `If it is a port of the Keras function, add "${module}" to "modules" in mirrorscope.config.json, and the call migrates`
      : 'If it is a port of the Keras function, export and import it by this name, so that the setting "modules" applies';
    const message = `${api} comes from ${module}, which mirrorscope does not know. ${advice}; if not, a comment leaves it out.`;
    return this.#finding({ api, node: reference.node }, 'report', message);
  }

  refuse(use: OtherUse, { reason, message, obstacle }: Refusal): Finding {
    const line = obstacle === undefined ? undefined : this.#position(obstacle.range[0]).line;
    const isElsewhere = line !== undefined && line !== this.#position(use.node.range[0]).line;
    const place = isElsewhere ? ` (line ${line})` : '';
    return { ...this.#finding(use, 'refuse', `${use.api} is left as it is: ${message}${place}.`), reason };
  }

  #finding({ api, node }: { api: string; node: Node }, disposition: Disposition, message: string): Finding {
    const [start, end] = node.range;
    const migration = multiGpuModelInfo.name;
    return { migration, api, message, disposition, start: this.#position(start), end: this.#position(end) };
  }
}

/** Removes imports of the function that nothing uses. */
function unusedImports(source: JavaScriptSource, { origins }: MultiGpuUses, findings: FindingFactory): Change[] {
  const nothing = { origins, wrapCalls: [], isRemoved: () => false };
  const unused = unusedBindings(nothing);
  if (unused.length === 0) return [];
  const { edits } = swapImports({ ...nothing, source, needs: [], usedNames: new Set() });
  const found = unused.map(({ origin, node }) => findings.unusedImport({ api: origin.path.at(-1) ?? '', node }));
  return [{ findings: found, edits, safety: 'safe' }];
}
