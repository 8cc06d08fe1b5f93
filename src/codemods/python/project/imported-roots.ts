/** Finds the first names of what files import. Reads each file once, through `SourceFiles`. */
import type { SourceFiles } from '../../migration.js';

const IMPORT = /^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)/gm;
const NAME = /^[A-Za-z_]\w*$/;

/** The first names of the modules that files import absolutely, found without parsing. */
export class ImportedRoots {
  readonly #files: SourceFiles;
  /** By path. */
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(files: SourceFiles) {
    this.#files = files;
  }

  /** The names that a file imports. */
  of(path: string): ReadonlySet<string> {
    let names = this.#known.get(path);
    if (names === undefined) this.#known.set(path, (names = importedRoots(this.#files.read(path) ?? '')));
    return names;
  }

  /** Whether a file imports a name, which need not be one that Python can import. */
  includes(path: string, name: string): boolean {
    if (!NAME.test(name)) return false;
    const names = this.#known.get(path);
    if (names !== undefined) return names.has(name);
    // Most files do not contain the name at all, which is cheaper to find out than what they import.
    return this.#files.read(path)?.includes(name) === true && this.of(path).has(name);
  }
}

function importedRoots(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(IMPORT)].map(([, name = '']) => name));
}
