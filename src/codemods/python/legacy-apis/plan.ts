/** Turns catalogue entries into a migration: find the uses, decide about each, and report what was decided. */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';
import type { WrittenApi } from '../../../catalogue/strategy-versions-table.js';
import type { Migration } from '../../migration.js';
import type { Change, Finding } from '../../result.js';
import type { PythonSource } from '../syntax/source.js';
import type { FixResult, LegacyUse } from './legacy-use.js';
import type { LegacyApiMigration } from './migrations.js';

import { PythonModule } from '../analysis/module.js';
import { withVersionWarnings } from '../requirements/version-findings.js';

import { decide } from './decide.js';
import { findLegacyUses } from './find.js';

/** The migration with its planner. */
export function legacyApiMigration({ info, entries }: LegacyApiMigration): Migration<PythonSource> {
  return {
    ...info,
    plan(source, context) {
      if (info.hint?.({ text: source.text, code: () => source.code, absolutePath: context.absolutePath }) === false)
        return { changes: [], findings: [] };
      const module = new PythonModule(source);
      const changes: Change[] = [];
      const findings: Finding[] = [];
      for (const use of findLegacyUses(module, entries)) {
        const result = decide(module, use);
        const finding = findingOf(source, info.name, use, result);
        if (result !== undefined && 'edits' in result)
          changes.push({ findings: [finding], edits: result.edits, safety: 'safe' });
        else findings.push(finding);
      }
      return {
        changes: withVersionWarnings(changes, source, context, (change) => apiWrittenBy(entries, change)),
        findings,
      };
    },
  };
}

/** The API that a change writes, when some versions are known to fail with it. */
function apiWrittenBy(entries: readonly PythonEntry[], { findings }: Change): WrittenApi | undefined {
  const fix = entries.find(({ id }) => id === findings[0]?.api)?.fix;
  return fix !== undefined && 'writes' in fix ? fix.writes : undefined;
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
