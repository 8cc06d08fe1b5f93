/**
 * Which file of the project a specifier means, by TypeScript's own resolution: relative paths with
 * any extension, and the path aliases of the nearest tsconfig or jsconfig. Reads through `SourceFiles` only.
 */
import type { SourceFiles } from '../../migration.js';
import type ts from 'typescript';

import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** The compiler takes longer to load than most runs take: not before a local import has to be resolved. */
function loadTypeScript(): typeof ts {
  return require('typescript') as typeof ts;
}

/** Resolves specifiers for one run; configuration files are read once. */
export class ModuleResolver {
  readonly #files: SourceFiles;
  readonly #options = new Map<string, ts.CompilerOptions>();

  constructor(files: SourceFiles) {
    this.#files = files;
  }

  /** The absolute path of the project's own file that a specifier means; `undefined` for packages and for what is not there. */
  resolve(specifier: string, fromFile: string): string | undefined {
    const options = this.#optionsFor(path.dirname(fromFile));
    const isRelative =
      specifier.startsWith('./') || specifier.startsWith('../') || specifier === '.' || specifier === '..';
    // Without aliases a bare name is a package, and packages are not the project's to follow.
    if (!isRelative && options.paths === undefined && options.baseUrl === undefined) return undefined;
    const { resolvedModule } = loadTypeScript().resolveModuleName(specifier, fromFile, options, this.#host());
    if (
      resolvedModule === undefined ||
      resolvedModule.isExternalLibraryImport ||
      /\.(?:json|d\.[cm]?ts)$/.test(resolvedModule.resolvedFileName)
    )
      return undefined;
    return resolvedModule.resolvedFileName;
  }

  #host(): ts.ModuleResolutionHost {
    return {
      fileExists: (file) => this.#files.read(file) !== undefined,
      readFile: (file) => this.#files.read(file),
      directoryExists: (folder) => this.#files.isDirectory(folder),
    };
  }

  #optionsFor(folder: string): ts.CompilerOptions {
    const known = this.#options.get(folder);
    if (known !== undefined) return known;
    const options = this.#readOptions(folder);
    this.#options.set(folder, options);
    return options;
  }

  #readOptions(folder: string): ts.CompilerOptions {
    const defaults: ts.CompilerOptions = {
      allowJs: true,
      moduleResolution: loadTypeScript().ModuleResolutionKind.Bundler,
      module: loadTypeScript().ModuleKind.ESNext,
    };
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const file = path.posix.join(folder.replaceAll('\\', '/'), name);
      const text = this.#files.read(file);
      if (text === undefined) continue;
      const { config } = loadTypeScript().parseConfigFileTextToJson(file, text) as { config?: unknown };
      // An empty list of files: only the options are wanted, and nothing is to be searched.
      const parsed = loadTypeScript().parseJsonConfigFileContent(
        { ...(config as object | undefined), files: [], include: [] },
        {
          useCaseSensitiveFileNames: true,
          readDirectory: () => [],
          fileExists: (each) => this.#files.read(each) !== undefined,
          readFile: (each) => this.#files.read(each),
        },
        folder,
      );
      const { paths, baseUrl, pathsBasePath } = parsed.options;
      return {
        ...defaults,
        ...(paths === undefined ? {} : { paths, pathsBasePath }),
        ...(baseUrl === undefined ? {} : { baseUrl }),
      };
    }
    const parent = path.dirname(folder);
    return parent === folder ? defaults : this.#optionsFor(parent);
  }
}
