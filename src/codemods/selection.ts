/** Decides which migrations a run includes. Pure. */
import type { MigrationInfo } from './migration.js';
import type { MigrationSelection } from './options.js';

/**
 * Whether a run includes a migration.
 *
 * @param migration - The migration.
 * @param selection - The migrations that the run asks for.
 * @returns True for a migration that is named, and in the default selection for all that are not opt-in.
 */
export function isSelected(
  { name, optIn }: Pick<MigrationInfo, 'name' | 'optIn'>,
  selection: MigrationSelection,
): boolean {
  return selection === 'default' ? optIn !== true : selection.includes(name);
}
