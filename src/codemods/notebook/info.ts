/** The migrations for notebooks, described without loading a parser. Pure. */
import type { MigrationInfo } from '../migration.js';

/** JSON may escape ASCII letters. Needles do not match such a notebook, so it is always parsed. */
const ESCAPED_LETTERS = ['\\u004', '\\u005', '\\u006', '\\u007'] as const;

/** Turns a migration for Python into one for the code of notebooks. */
export function asNotebookMigration<Info extends MigrationInfo>(
  migration: Info,
): Info & { readonly language: 'notebook' } {
  const { needles, projectNeedles } = migration;
  return {
    ...migration,
    language: 'notebook',
    needles: [...needles, ...ESCAPED_LETTERS],
    ...(projectNeedles && {
      projectNeedles: projectNeedles.map(({ literal, own }) => ({
        literal,
        ...(own && { own: [...own, ...ESCAPED_LETTERS] }),
      })),
    }),
  };
}
