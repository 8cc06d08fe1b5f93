/** Which migrations a run takes: all that are not opt-in, or just those that were named. Pure. */
import type { MigrationInfo } from './migration.js';

/** Whether a migration runs. @param only names of the migrations to run; `undefined` for none named. */
export function isSelected({ name, optIn }: Pick<MigrationInfo, 'name' | 'optIn'>, only: readonly string[] | undefined): boolean {
  return only === undefined ? optIn !== true : only.includes(name);
}
