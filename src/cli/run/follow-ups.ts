/** Collects the work outside the code that the rewrites of a run call for. Pure. */
import type { ReportedFile } from '../../report/run-report.js';

import { languageOf, listMigrations } from '../../codemods/registry.js';

/**
 * Collects the follow-ups of a run.
 *
 * @param files - The files of the run.
 * @returns Each sentence once, in the order of the migrations.
 */
export function followUpsOf(files: readonly ReportedFile[]): string[] {
  const changed = files.filter(({ result }) => result.status === 'changed');
  const rewriting = new Set(
    changed.flatMap(({ result: { path, findings } }) =>
      findings
        .filter(({ disposition }) => disposition === 'rewrite')
        .map(({ migration }) => `${languageOf(path)?.language} ${migration}`),
    ),
  );
  const followUps = listMigrations().flatMap(({ language, name, followUp }) =>
    followUp !== undefined && rewriting.has(`${language} ${name}`) ? [followUp] : [],
  );
  return [...new Set(followUps)];
}
