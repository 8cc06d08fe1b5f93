/**
 * Every language and every migration, in the order in which they run. Loads no parser: the code of a language is loaded
 * with its first file.
 */
import type { LanguageName, LanguageSupport, MigrationInfo, SourceFiles } from './migration.js';

import { createModelInScopeInfo } from './js/create-model-in-scope/info.js';
import { multiGpuModelInfo } from './js/multi-gpu-model/info.js';
import { reExportedAliases } from './js/project/re-exported-aliases.js';
import { tfjsLegacyInfo } from './js/tfjs-legacy/info.js';
import { tfjsNodeInfo } from './js/tfjs-node/info.js';
import { asNotebookMigration } from './notebook/info.js';
import { PYTHON_MIGRATIONS } from './python/info.js';
import { createProjectSearch } from './python/project/project-search.js';
import { codeText } from './python/syntax/code-text.js';

/** A language before it is loaded. */
export interface LanguageEntry {
  readonly language: LanguageName;
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** In the order in which they run: migrations that rename come before migrations that move code. */
  readonly migrations: readonly MigrationInfo[];
  readonly load: () => Promise<LanguageSupport<unknown>>;
  /** Removes comments and strings from a text, for the hints of migrations. Without it, hints are not used. */
  readonly codeOf?: (text: string) => string;
  /** Makes a search for a string in the project of a file, for migrations with a `projectNeedles`. */
  readonly projectSearch?: (files: SourceFiles) => (absolutePath: string, literal: string) => boolean;
  /** Strings that a file must contain to use what this file re-exports under other names. Found without parsing. */
  readonly reExportedAliases?: (path: string, text: string, known: readonly string[]) => readonly string[];
}

export const LANGUAGES: readonly LanguageEntry[] = [
  {
    language: 'javascript',
    extensions: ['.js', '.jsx', '.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts'],
    migrations: [tfjsLegacyInfo, tfjsNodeInfo, multiGpuModelInfo, createModelInScopeInfo],
    load: async () => (await import('./js/language.js')).javascript,
    reExportedAliases,
  },
  {
    language: 'python',
    extensions: ['.py'],
    migrations: PYTHON_MIGRATIONS,
    load: async () => (await import('./python/language.js')).python,
    codeOf: codeText,
    projectSearch: createProjectSearch,
  },
  {
    language: 'notebook',
    extensions: ['.ipynb'],
    migrations: PYTHON_MIGRATIONS.map(asNotebookMigration),
    projectSearch: createProjectSearch,
    load: async () => (await import('./notebook/language.js')).notebook,
  },
];

/**
 * Lists all migrations.
 *
 * @example
 * ```ts
 * for (const { name, language, description } of listMigrations()) console.log(language, name, description);
 * ```
 *
 * @returns The migrations in the order in which they run. A name can occur once per language.
 */
export function listMigrations(): readonly MigrationInfo[] {
  return LANGUAGES.flatMap(({ migrations }) => migrations);
}

/**
 * Finds the language of a file by its extension.
 *
 * @example
 * ```ts
 * languageOf('src/train.ts')?.language; // 'javascript'
 * ```
 *
 * @param path - The path or the name of the file.
 * @returns The language, or `undefined` for a file that no migration reads.
 */
export function languageOf(path: string): LanguageEntry | undefined {
  const lower = path.toLowerCase();
  return LANGUAGES.find(({ extensions }) => extensions.some((extension) => lower.endsWith(extension)));
}
