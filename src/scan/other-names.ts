/**
 * Names that a project gives to what migrations look for: a barrel that renames a function leaves the files that use it without a
 * literal of it. Gathered while files are looked at. Reads none itself.
 */
import type { LanguageEntry } from '../codemods/registry.js';

import { literalsOf } from '../codemods/needle.js';

import { createNeedleSearch } from './needle-search.js';
import { extensionOf } from './walk.js';

type Language = Pick<LanguageEntry, 'extensions' | 'migrations' | 'reExportedAliases'>;

export class OtherNames {
  readonly #languages: readonly Language[];
  readonly #names = new Set<string>();
  #searched = 0;

  /** @param languages - with the migrations that run */
  constructor(languages: readonly Language[]) {
    this.#languages = languages.filter(
      ({ reExportedAliases, migrations }) =>
        reExportedAliases !== undefined && migrations.some(({ followsReExports }) => followsReExports),
    );
  }

  get names(): readonly string[] {
    return [...this.#names];
  }

  /** Takes the names that a file gives. */
  learn(file: string, content: Buffer): void {
    const language = this.#languageOf(file);
    if (language === undefined) return;
    const known = [
      ...language.migrations.flatMap(({ followsReExports, needles }) => (followsReExports ? literalsOf(needles) : [])),
      ...this.#names,
    ];
    if (!known.some((name) => content.includes(name))) return;
    for (const name of language.reExportedAliases?.(file, content.toString('utf8'), known) ?? []) this.#names.add(name);
  }

  /** A search for the names that are new since the last one; `undefined` when there are none. */
  next(): ((file: string, content: Buffer) => boolean) | undefined {
    const fresh = this.names.slice(this.#searched);
    if (fresh.length === 0) return undefined;
    this.#searched = this.#names.size;
    const search = createNeedleSearch(fresh);
    return (file, content) => this.#languageOf(file) !== undefined && search(content);
  }

  #languageOf(file: string): Language | undefined {
    const extension = extensionOf(file);
    return this.#languages.find(({ extensions }) => extensions.includes(extension));
  }
}
