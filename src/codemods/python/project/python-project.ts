/**
 * One Python project, as far as its files are asked about: modules, imports, and where names lead. Each file is read
 * and parsed once. Reads files through `SourceFiles`.
 */
import type { SourceFiles } from '../../migration.js';
import type { PythonModule } from '../analysis/module.js';
import type { PythonSource } from '../syntax/source.js';
import type { SourceCache } from './source-cache.js';

import { type ModuleImport, ProjectIndex } from '../../lifecycle/project.js';

import { ImportedRoots } from './imported-roots.js';
import { searchPathAdditions, writtenImports } from './module-imports.js';
import { manifestNames, parentOf, pythonFiles } from './project-files.js';
import { programRoot } from './project-root.js';
import { resolveModule } from './resolve-module.js';

/** The project of a file. */
export class PythonProject {
  /** Who imports whom. */
  readonly index = new ProjectIndex({
    mayImport: (path) => this.#mayImport(path),
    importsOf: (path) => this.#importsOf(path),
  });
  readonly #files: SourceFiles;
  readonly #sources: SourceCache;
  readonly #importedRoots: ImportedRoots;
  readonly #analyze: (source: PythonSource) => PythonModule;
  readonly #imports = new Map<string, readonly ModuleImport[]>();
  readonly #resolved = new Map<string, string | undefined>();
  /** By word. */
  readonly #mentions = new Map<string, readonly string[]>();
  /** By folder. */
  readonly #programs = new Map<string, string>();
  #paths: readonly string[] | undefined;

  /**
   * Creates the project; nothing is read yet.
   *
   * @param root - Its root folder.
   * @param files - Its files.
   * @param sources - The trees of the run.
   * @param analyze - The module of a source, the same for every call.
   * @param importedRoots - What the files of the run import.
   */
  constructor(
    readonly root: string,
    files: SourceFiles,
    sources: SourceCache,
    analyze: (source: PythonSource) => PythonModule,
    importedRoots = new ImportedRoots(files),
  ) {
    this.#importedRoots = importedRoots;
    this.#files = files;
    this.#sources = sources;
    this.#analyze = analyze;
  }

  /** Whether the files of the project can be listed, so that uses in other files can be found. */
  get canList(): boolean {
    return this.#files.list !== undefined;
  }

  /** The paths of all Python files and notebooks. */
  get paths(): readonly string[] {
    return (this.#paths ??= pythonFiles(this.#files, this.root));
  }

  /** The folder of the program that a file belongs to: a repository without a manifest can contain several. */
  programOf(path: string): string {
    if (manifestNames(this.#files, this.root).length > 0) return this.root;
    const folder = parentOf(path);
    let program = this.#programs.get(folder);
    if (program === undefined)
      this.#programs.set(folder, (program = programRoot(this.#files, path, this.#importedRoots)));
    return program;
  }

  /** The text of a file as it was before the run. */
  text(path: string): string | undefined {
    return this.#files.read(path);
  }

  /** The files whose text contains a word, in the order of their paths. */
  filesMentioning(word: string): readonly string[] {
    let found = this.#mentions.get(word);
    if (found === undefined)
      this.#mentions.set(word, (found = this.paths.filter((path) => this.text(path)?.includes(word) === true)));
    return found;
  }

  /** A file as it was before the run; undefined when there is no such file, or it cannot be read. */
  module(path: string): PythonModule | undefined {
    const text = this.text(path);
    if (text === undefined) return undefined;
    try {
      const source = path.endsWith('.ipynb')
        ? this.#sources.notebook(path, text).python
        : this.#sources.python(path, text);
      // Parse here: a file that cannot be analyzed must not fail the one that asks about it.
      return source.nodes.length === 0 ? undefined : this.#analyze(source);
    } catch {
      return undefined;
    }
  }

  /** The path of the module that an import in a file names; undefined when it is not part of the project. */
  resolve(from: string, module: string): string | undefined {
    const key = `${from}\0${module}`;
    if (!this.#resolved.has(key)) {
      const search = { files: this.#files, root: this.root, additions: [] };
      this.#resolved.set(key, resolveModule(search, from, module) ?? this.#resolveByAddition(from, module));
    }
    return this.#resolved.get(key);
  }

  /** The module that an import names. */
  imported(from: PythonModule, module: string): PythonModule | undefined {
    const path = this.resolve(from.source.path, module);
    return path === undefined ? undefined : this.module(path);
  }

  #resolveByAddition(from: string, module: string): string | undefined {
    const source = this.module(from)?.source;
    const additions = source === undefined ? [] : searchPathAdditions(source);
    if (additions.length === 0) return undefined;
    return resolveModule({ files: this.#files, root: this.root, additions }, from, module);
  }

  /** The files that contain the name of a module. The name of a package may be missing in its own files. */
  #mayImport(path: string): string[] {
    const isPackage = path.endsWith('/__init__.py');
    const folder = parentOf(path);
    const end = isPackage ? folder : path.replace(/\.\w+$/, '');
    const name = end.slice(end.lastIndexOf('/') + 1);
    return this.paths.filter((other) => {
      const text = this.text(other);
      if (text === undefined) return false;
      return (
        text.includes(name) || (isPackage && other.startsWith(`${folder}/`) && /\bfrom\s*\.+\s*import\b/.test(text))
      );
    });
  }

  #importsOf(path: string): readonly ModuleImport[] {
    let imports = this.#imports.get(path);
    if (imports === undefined) this.#imports.set(path, (imports = this.#readImports(path)));
    return imports;
  }

  #readImports(path: string): ModuleImport[] {
    const source = this.module(path)?.source;
    if (source === undefined) return [];
    return writtenImports(source).flatMap(({ module, member, local, bindsTopLevel }) => {
      const found: ModuleImport[] = [];
      const add = (target: string | undefined, as: Pick<ModuleImport, 'member' | 'local'>): void => {
        if (target !== undefined && target !== path) found.push({ target, ...as });
      };
      if (member === undefined) {
        add(this.resolve(path, module), { member, local: bindsTopLevel ? module : local });
        // `import a.b` also runs `a/__init__.py`, whose names are then members of `a`.
        for (let end = module.lastIndexOf('.'); bindsTopLevel && end > 0; end = module.lastIndexOf('.', end - 1))
          add(this.resolve(path, module.slice(0, end)), { member, local: module.slice(0, end) });
      } else {
        add(this.resolve(path, module), { member, local });
        if (member !== '*')
          add(this.resolve(path, `${module}${module.endsWith('.') ? '' : '.'}${member}`), { member: undefined, local });
      }
      return found;
    });
  }
}
