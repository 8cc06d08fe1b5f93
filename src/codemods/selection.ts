/** Which migrations a run takes, and which of them a text may concern. Pure. */
import type { MigrationInfo } from './migration.js';

/** Whether a migration runs: without `only`, all that are not opt-in; else those that it names. */
export function isSelected({ name, optIn }: Pick<MigrationInfo, 'name' | 'optIn'>, only: readonly string[] | undefined): boolean {
  return only === undefined ? optIn !== true : only.includes(name);
}

/** Whether a text holds a string that the migration looks for, under a name of its own or under one that the project gave it. */
export function mayConcern({ needles, followsReExports }: MigrationInfo, text: string, otherNames: readonly string[] = []): boolean {
  return needles.some((needle) => text.includes(needle)) || (followsReExports === true && otherNames.some((name) => text.includes(name)));
}
