/**
 * Every language and every migration, in the order in which they run. Says what there is without
 * loading a parser; a language's code is loaded when its first file comes.
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
  /** In running order: what renames comes before what moves. */
  readonly migrations: readonly MigrationInfo[];
  load(): Promise<LanguageSupport<unknown>>;
  /** The text without what cannot be code, for the hints of migrations; where there is none, hints are not asked. */
  codeOf?(text: string): string;
  /** Tells whether the project of a file holds a string, for migrations with a `projectNeedle`. */
  projectSearch?(files: SourceFiles, root: string): (absolutePath: string, literal: string) => boolean;
  /** Strings of a file that uses what this one hands on under other names than the known ones; told without parsing. */
  reExportedAliases?(path: string, text: string, known: readonly string[]): readonly string[];
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

/** All migrations, each with its language. */
export function listMigrations(): readonly MigrationInfo[] {
  return LANGUAGES.flatMap(({ migrations }) => migrations);
}

/** The language of a file, by the end of its name; `undefined` for files that no migration reads. */
export function languageOf(path: string): LanguageEntry | undefined {
  const lower = path.toLowerCase();
  return LANGUAGES.find(({ extensions }) => extensions.some((extension) => lower.endsWith(extension)));
}
