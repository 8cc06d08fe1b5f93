/** The migrations that catalogue entries describe, without their planners. Loads no parser. Pure. */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';
import type { MigrationInfo, UnparsedText } from '../../migration.js';

import { PYTHON_APIS } from '../../../catalogue/python-apis.js';
import { PYTHON_API_MIGRATIONS } from '../../../catalogue/python-migrations-table.js';
import { textCondition } from '../../needle-condition.js';

import { entryNeedles } from './prefilter/entry-needles.js';
import { entryPatterns } from './prefilter/entry-patterns.js';

/** A migration and the catalogue entries that it acts on. */
export interface LegacyApiMigration {
  readonly info: MigrationInfo;
  readonly entries: readonly PythonEntry[];
}

export const LEGACY_API_MIGRATIONS: readonly LegacyApiMigration[] = PYTHON_API_MIGRATIONS.map(
  ({ name, description }): LegacyApiMigration => {
    const entries = PYTHON_APIS.filter(({ migration }) => migration === name);
    const needles = entryNeedles(entries);
    const hasNeedles = textCondition(needles);
    const uses = entries.flatMap(entryPatterns);
    // The needles rule out most files, and are far cheaper than the patterns.
    const hint = (text: UnparsedText): boolean => {
      const code = text.code();
      return hasNeedles(code) && uses.some((patterns) => patterns.every((pattern) => pattern.test(code)));
    };
    return { info: { name, description, language: 'python', needles, hint }, entries };
  },
);
