/** Turns catalogue entries into a migration: find the uses, decide about each, and report what was decided. */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';
import type { WrittenApi } from '../../../catalogue/strategy-versions-table.js';
import type { Migration } from '../../migration.js';
import type { Change, Finding, Plan } from '../../result.js';
import type { PlanInProject } from '../multi-gpu-model/index.js';
import type { PythonSource } from '../syntax/source.js';
import type { FixResult, LegacyUse } from './legacy-use.js';
import type { LegacyApiMigration } from './migrations.js';

import { RefusalReason } from '../../refusal-reason.js';
import { analyzedModule } from '../multi-gpu-model/find/origin-context.js';
import { namesWrapper } from '../multi-gpu-model/prefilter.js';
import { stayingWrapOf } from '../multi-gpu-model/staying-wraps.js';
import { withVersionWarnings } from '../requirements/version-findings.js';

import { decide } from './decide.js';
import { findLegacyUses } from './find.js';

/** The migrations of Keras's training interface, whose new names the Keras of a wrap that stays may not have. */
const OF_TRAINING: ReadonlySet<string> = new Set(['fit-generator', 'learning-rate']);

/** The migration with its planner; `planOf` plans the wraps of a file. */
export function legacyApiMigration(
  { info, entries }: LegacyApiMigration,
  planOf: PlanInProject,
): Migration<PythonSource> {
  return {
    ...info,
    plan(source, context) {
      if (info.hint?.({ text: source.text, code: () => source.code, absolutePath: context.absolutePath }) === false)
        return { changes: [], findings: [] };
      const module = analyzedModule(source);
      const changes: Change[] = [];
      const findings: Finding[] = [];
      const blockedBy = new Map<Finding, Finding>();
      let wraps: Plan | undefined;
      for (const use of findLegacyUses(module, entries)) {
        const result = decide(module, use);
        const finding = findingOf(source, info.name, use, result);
        if (OF_TRAINING.has(info.name) && namesWrapper(source.text)) wraps ??= planOf(source, context);
        const staying = wraps === undefined ? undefined : stayingWrapOf(source, wraps, use.node.start);
        if (staying !== undefined && finding.disposition === 'rewrite') {
          const refused = stayingWith(staying, finding);
          findings.push(refused);
          blockedBy.set(refused, staying);
        } else if (result !== undefined && 'edits' in result)
          changes.push({ findings: [finding], edits: result.edits, safety: 'safe' });
        else findings.push(finding);
      }
      return {
        changes: withVersionWarnings(changes, source, context, (change) => apiWrittenBy(entries, change)),
        findings,
        blockedBy,
      };
    },
  };
}

/** The API that a change writes, when some versions are known to fail with it. */
function apiWrittenBy(entries: readonly PythonEntry[], { findings }: Change): WrittenApi | undefined {
  const fix = entries.find(({ id }) => id === findings[0]?.api)?.fix;
  return fix !== undefined && 'writes' in fix ? fix.writes : undefined;
}

/** The finding of a use that is not rewritten, because its wrap is not. */
function stayingWith(wrap: Finding, finding: Finding): Finding {
  const message = `${finding.message} It stays because the multi_gpu_model call it belongs to stays (line ${wrap.start.line}).`;
  return { ...finding, message, disposition: 'refuse', reason: RefusalReason.BlockedByAnotherUse };
}

function findingOf(
  source: PythonSource,
  migration: string,
  { entry, node }: LegacyUse,
  result: FixResult | undefined,
): Finding {
  const { id: api, message } = entry;
  const base = { migration, api, message, start: source.position(node.start), end: source.position(node.end) };
  if (result === undefined) return { ...base, disposition: 'report' };
  if ('reason' in result) return { ...base, disposition: 'refuse', reason: result.reason };
  return { ...base, disposition: 'rewrite' };
}
