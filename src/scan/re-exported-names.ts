/**
 * Collects the names under which files of the project re-export what the migrations look for. A module that re-exports
 * a function under another name hides it: the files that import the new name contain no needle. Works on contents that
 * the caller has read.
 */
import type { LanguageEntry } from '../codemods/registry.js';

import { literalsOf } from '../codemods/needle.js';

import { createNeedleSearch } from './needle-search.js';
import { extensionOf } from './walk.js';

type Language = Pick<LanguageEntry, 'extensions' | 'migrations' | 'reExportedAliases'>;

/** The re-exported names that a scan has found so far. */
export class ReExportedNames {
  readonly #languages: readonly Language[];
  readonly #names = new Set<string>();
  #searched = 0;

  /** @param languages - The languages, with the migrations of the run. */
  constructor(languages: readonly Language[]) {
    this.#languages = languages.filter(
      ({ reExportedAliases, migrations }) =>
        reExportedAliases !== undefined && migrations.some(({ followsReExports }) => followsReExports),
    );
  }

  /** All names so far. */
  get names(): readonly string[] {
    return [...this.#names];
  }

  /** Adds the names that a file introduces. */
  addFrom(file: string, content: Buffer): void {
    const language = this.#languageOf(file);
    if (language === undefined) return;
    const known = [
      ...language.migrations.flatMap(({ followsReExports, needles }) => (followsReExports ? literalsOf(needles) : [])),
      ...this.#names,
    ];
    if (!known.some((name) => content.includes(name))) return;
    for (const name of language.reExportedAliases?.(file, content.toString('utf8'), known) ?? []) this.#names.add(name);
  }

  /** A search for the names added since the last call; `undefined` when there are none. */
  searchForNewNames(): ((file: string, content: Buffer) => boolean) | undefined {
    const added = this.names.slice(this.#searched);
    if (added.length === 0) return undefined;
    this.#searched = this.#names.size;
    const search = createNeedleSearch(added);
    return (file, content) => this.#languageOf(file) !== undefined && search(content);
  }

  #languageOf(file: string): Language | undefined {
    const extension = extensionOf(file);
    return this.#languages.find(({ extensions }) => extensions.includes(extension));
  }
}
