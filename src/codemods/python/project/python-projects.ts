/** The trees and projects of each run. Keeps one set per `SourceFiles`, so that it ends with the run. */
import type { MigrationContext, SourceFiles } from '../../migration.js';
import type { NotebookSource } from '../../notebook/source.js';
import type { PythonModule } from '../analysis/module.js';
import type { PythonParser } from '../syntax/parser.js';
import type { PythonSource } from '../syntax/source.js';

import { ImportedRoots } from './imported-roots.js';
import { parentOf } from './project-files.js';
import { projectRoot } from './project-root.js';
import { PythonProject } from './python-project.js';
import { SourceCache } from './source-cache.js';

/** What the files of one run share. */
interface Run {
  readonly sources: SourceCache;
  /** By root. */
  readonly projects: Map<string, PythonProject>;
  /** By folder. */
  readonly roots: Map<string, string>;
  readonly importedRoots: ImportedRoots;
}

const NO_FILES: SourceFiles = { read: () => undefined, isDirectory: () => false };

/** Finds the project of a file, and shares its trees. */
export class PythonProjects {
  readonly #runs = new WeakMap<object, Run>();
  readonly #parser: PythonParser;
  readonly #analyze: (source: PythonSource) => PythonModule;

  constructor(parser: PythonParser, analyze: (source: PythonSource) => PythonModule) {
    this.#parser = parser;
    this.#analyze = analyze;
  }

  /** The module of a source, the same for every migration. */
  module(source: PythonSource): PythonModule {
    return this.#analyze(source);
  }

  /**
   * The source of a text, the same for every migration and for all files of the run that ask about the file.
   *
   * @throws {MirrorscopeError} `TOO_LARGE`.
   */
  source(context: MigrationContext, path: string, text: string): PythonSource {
    return this.#runOf(context).sources.python(context.absolutePath ?? path, text, path);
  }

  /**
   * The source of a notebook.
   *
   * @throws {MirrorscopeError} `SYNTAX` when the text is not JSON, `TOO_LARGE` when it has too much code.
   */
  notebook(context: MigrationContext, path: string, text: string): NotebookSource {
    return this.#runOf(context).sources.notebook(context.absolutePath ?? path, text, path);
  }

  /** The project of the file that a context is about; undefined when other files are out of reach. */
  of(context: MigrationContext): PythonProject | undefined {
    const { files, absolutePath } = context;
    if (files === undefined || absolutePath === undefined) return undefined;
    const { projects, roots, sources, importedRoots } = this.#runOf(context);
    const root = rootOf(roots, files, absolutePath, importedRoots);
    let project = projects.get(root);
    if (project === undefined)
      projects.set(root, (project = new PythonProject(root, files, sources, this.#analyze, importedRoots)));
    return project;
  }

  /** A project of the one file that a context is about: nothing else is in reach. */
  alone(context: MigrationContext): PythonProject {
    return new PythonProject('', NO_FILES, this.#runOf(context).sources, this.#analyze);
  }

  #runOf(context: MigrationContext): Run {
    const key = context.files ?? context;
    let run = this.#runs.get(key);
    if (run === undefined) {
      run = {
        sources: new SourceCache(this.#parser),
        projects: new Map(),
        roots: new Map(),
        importedRoots: new ImportedRoots(context.files ?? NO_FILES),
      };
      this.#runs.set(key, run);
    }
    return run;
  }
}

function rootOf(roots: Map<string, string>, files: SourceFiles, absolutePath: string, imports: ImportedRoots): string {
  const folder = parentOf(absolutePath);
  let root = roots.get(folder);
  if (root === undefined) roots.set(folder, (root = projectRoot(files, absolutePath, imports)));
  return root;
}
