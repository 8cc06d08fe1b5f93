/** Decides from the text of a file, before parsing, whether a migration can find anything in it. Pure. */
import type { MigrationInfo } from './migration.js';

import { textCondition } from './needle-condition.js';

/**
 * Whether a text can contain anything for a migration.
 *
 * @param migration - The migration, with its needles.
 * @param text - The text of a file.
 * @param reExportedNames - Other names under which the project re-exports what the migrations look for.
 * @returns False only when the migration certainly finds nothing.
 */
export function matchesNeedles(
  { needles, followsReExports }: Pick<MigrationInfo, 'needles' | 'followsReExports'>,
  text: string,
  reExportedNames: readonly string[],
): boolean {
  return (
    textCondition(needles)(text) || (followsReExports === true && reExportedNames.some((name) => text.includes(name)))
  );
}
