/**
 * The index of one project: which modules import which, and under which names a definition can be imported. A name in
 * another file counts only where that file can reach the definition or a value of it. Pure, without a syntax tree.
 */

/** One import of a module, resolved to a file of the project. */
export interface ModuleImport {
  /** The path of the imported file. */
  readonly target: string;
  /** The imported name; undefined when the module itself is bound, `*` for all names. */
  readonly member: string | undefined;
  /** The name that the importing file sees; undefined for `*`. */
  readonly local: string | undefined;
}

/** What a language tells the index about the files of a project. */
export interface ProjectModules {
  /**
   * The files that may import a file: rather too many than too few.
   *
   * @param path - The imported file.
   */
  mayImport(path: string): readonly string[];
  /**
   * The imports of a file that stay in the project.
   *
   * @param path - The importing file.
   */
  importsOf(path: string): readonly ModuleImport[];
}

/** A name under which a file offers a definition of the same or another file. */
export interface ExportedName {
  readonly path: string;
  readonly name: string;
}

/** The import graph of a project, read as far as questions need it. */
export class ProjectIndex {
  readonly #modules: ProjectModules;
  readonly #importers = new Map<string, readonly string[]>();
  readonly #dependents = new Map<string, ReadonlySet<string>>();
  readonly #connected = new Map<string, ReadonlySet<string>>();
  readonly #families = new Map<string, ReadonlySet<string>>();

  constructor(modules: ProjectModules) {
    this.#modules = modules;
  }

  /** The imports of a file that stay in the project. */
  importsOf(path: string): readonly ModuleImport[] {
    return this.#modules.importsOf(path);
  }

  /** The files that import a file directly. */
  importersOf(path: string): readonly string[] {
    return computed(this.#importers, path, () =>
      this.#modules
        .mayImport(path)
        .filter((other) => other !== path && this.importsOf(other).some(({ target }) => target === path)),
    );
  }

  /** The files that import a file directly or through others, without the file itself. */
  dependentsOf(path: string): ReadonlySet<string> {
    return computed(this.#dependents, path, () => {
      const found = closure([path], (each) => this.importersOf(each));
      found.delete(path);
      return found;
    });
  }

  /**
   * The files that values of a file can get to: its dependents, which can create them, and everything that these
   * import, which can receive them.
   */
  familyOf(path: string): ReadonlySet<string> {
    return computed(this.#families, path, () =>
      closure([path, ...this.dependentsOf(path)], (each) => this.importsOf(each).map(({ target }) => target)),
    );
  }

  /** The files that share modules with a file: they import it, it imports them, and so on. */
  connectedTo(path: string): ReadonlySet<string> {
    let found = this.#connected.get(path);
    if (found === undefined) {
      found = closure([path], (each) => [
        ...this.importersOf(each),
        ...this.importsOf(each).map(({ target }) => target),
      ]);
      // Each of them is connected to the same files.
      for (const each of found) this.#connected.set(each, found);
    }
    return found;
  }

  /** The names under which other files import a definition, or offer it to their importers. */
  exportsOf(path: string, name: string): readonly ExportedName[] {
    const found = new Map<string, ExportedName>();
    const queue: ExportedName[] = [{ path, name }];
    for (const exported of queue) {
      for (const importer of this.importersOf(exported.path)) {
        for (const { target, member, local } of this.importsOf(importer)) {
          if (target !== exported.path || (member !== exported.name && member !== '*')) continue;
          const next = { path: importer, name: local ?? exported.name };
          const key = `${next.path}\0${next.name}`;
          if (found.has(key) || (next.path === path && next.name === name)) continue;
          found.set(key, next);
          queue.push(next);
        }
      }
    }
    return [...found.values()];
  }
}

/** Everything that can be reached from some starts, with the starts. */
function closure(starts: readonly string[], next: (path: string) => readonly string[]): Set<string> {
  const found = new Set(starts);
  for (const path of found) for (const other of next(path)) found.add(other);
  return found;
}

function computed<Value>(known: Map<string, Value>, key: string, compute: () => Value): Value {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = compute()));
  return value;
}
