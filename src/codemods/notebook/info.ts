/** What there is to migrate in notebooks, without loading a parser. Pure. */
import type { MigrationInfo } from '../migration.js';

/** JSON may write a letter by its number; then no needle tells anything. */
const ESCAPED_LETTERS = ['\\u004', '\\u005', '\\u006', '\\u007'] as const;

/** A migration of Python as one of the code of notebooks. */
export function asNotebookMigration<Info extends MigrationInfo>(
  migration: Info,
): Info & { readonly language: 'notebook' } {
  return { ...migration, language: 'notebook', needles: [...migration.needles, ...ESCAPED_LETTERS] };
}
