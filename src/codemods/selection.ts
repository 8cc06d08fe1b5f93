/** Which migrations a run takes, and which of them a text may concern. Pure. */
import type { MigrationInfo } from './migration.js';

import { textCondition } from './needle-condition.js';

/** Whether a migration runs: without `only`, all that are not opt-in; else those that it names. */
export function isSelected(
  { name, optIn }: Pick<MigrationInfo, 'name' | 'optIn'>,
  only: readonly string[] | undefined,
): boolean {
  return only === undefined ? optIn !== true : only.includes(name);
}

/** Whether a text meets a condition of the migration, or holds a name that the project gave to what it looks for. */
export function mayConcern(
  { needles, followsReExports }: MigrationInfo,
  text: string,
  otherNames: readonly string[] = [],
): boolean {
  return textCondition(needles)(text) || (followsReExports === true && otherNames.some((name) => text.includes(name)));
}
