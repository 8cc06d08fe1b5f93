/** What the migrations that rewrote something want people to do besides. Pure. */
import type { ReportedFile } from '../../report/run-report.js';

import { listMigrations } from '../../codemods/registry.js';

/** Each sentence once, in the order of the migrations. */
export function followUpsOf(files: readonly ReportedFile[]): string[] {
  const rewrote = new Set(
    files
      .filter(({ result }) => result.status === 'changed')
      .flatMap(({ result }) =>
        result.findings.filter(({ disposition }) => disposition === 'rewrite').map(({ migration }) => migration),
      ),
  );
  return [
    ...new Set(
      listMigrations().flatMap(({ name, followUp }) => (followUp !== undefined && rewrote.has(name) ? [followUp] : [])),
    ),
  ];
}
