/**
 * Resolves an import specifier to a file of the project with TypeScript's own resolution: relative paths with any
 * extension, and the path aliases of the nearest tsconfig or jsconfig. Reads files through `SourceFiles`, and loads
 * the compiler when it is first needed.
 */
import type { SourceFiles } from '../../migration.js';
import type ts from 'typescript';

import { createRequire } from 'node:module';
import path from 'node:path';

import { resolveRelative, UNDECIDED } from './resolve-relative.js';

/** Matches files that contain no code of the project. */
const NOT_SOURCE = /\.(?:json|d\.[cm]?ts)$/;

/**
 * Matches a configuration file that may set path aliases, itself or in a file that it extends. A backslash may escape
 * any word.
 */
const MAY_HAVE_ALIASES = /paths|baseUrl|extends|\\/;

const require = createRequire(import.meta.url);

/** Loads the compiler late, because loading takes longer than most runs. */
function loadTypeScript(): typeof ts {
  return require('typescript') as typeof ts;
}

type Aliases = Pick<ts.CompilerOptions, 'paths' | 'baseUrl'> & { readonly pathsBasePath?: string };

/** Resolves specifiers for one run, and reads each configuration file once. */
export class ModuleResolver {
  readonly #files: SourceFiles;
  readonly #aliases = new Map<string, Aliases | undefined>();

  constructor(files: SourceFiles) {
    this.#files = files;
  }

  /** The absolute path of the project file that a specifier means; `undefined` for packages and missing files. */
  resolve(specifier: string, fromFile: string): string | undefined {
    const aliases = this.#aliasesFor(path.dirname(fromFile));
    const isRelative = /^\.\.?(?:\/|$)/.test(specifier);
    // Without path aliases a bare name is a package, and the run does not follow packages.
    if (!isRelative && aliases === undefined) return undefined;
    const file = this.#resolveFile(specifier, fromFile, isRelative, aliases);
    return file === undefined || NOT_SOURCE.test(file) ? undefined : file;
  }

  #resolveFile(
    specifier: string,
    fromFile: string,
    isRelative: boolean,
    aliases: Aliases | undefined,
  ): string | undefined {
    const simple = isRelative ? resolveRelative(specifier, fromFile, this.#files) : UNDECIDED;
    if (simple !== UNDECIDED) return simple;
    const { resolveModuleName, ModuleResolutionKind, ModuleKind } = loadTypeScript();
    const options = {
      ...aliases,
      allowJs: true,
      moduleResolution: ModuleResolutionKind.Bundler,
      module: ModuleKind.ESNext,
    };
    const { resolvedModule } = resolveModuleName(specifier, fromFile, options, this.#host());
    return resolvedModule?.isExternalLibraryImport === true ? undefined : resolvedModule?.resolvedFileName;
  }

  #host(): ts.ModuleResolutionHost {
    return {
      fileExists: (file) => this.#files.read(file) !== undefined,
      readFile: (file) => this.#files.read(file),
      directoryExists: (folder) => this.#files.isDirectory(folder),
    };
  }

  /** The path aliases of the nearest tsconfig or jsconfig; `undefined` if it has none. */
  #aliasesFor(folder: string): Aliases | undefined {
    if (this.#aliases.has(folder)) return this.#aliases.get(folder);
    const config = ['tsconfig.json', 'jsconfig.json']
      .map((name) => path.posix.join(folder.replaceAll('\\', '/'), name))
      .find((file) => this.#files.read(file) !== undefined);
    const parent = path.dirname(folder);
    let aliases: Aliases | undefined;
    if (config !== undefined) aliases = this.#readAliases(config, folder);
    else if (parent !== folder) aliases = this.#aliasesFor(parent);
    this.#aliases.set(folder, aliases);
    return aliases;
  }

  #readAliases(file: string, folder: string): Aliases | undefined {
    const text = this.#files.read(file) ?? '';
    if (!MAY_HAVE_ALIASES.test(text)) return undefined;
    const { parseConfigFileTextToJson, parseJsonConfigFileContent } = loadTypeScript();
    const { config } = parseConfigFileTextToJson(file, text) as { config?: unknown };
    // With an empty list of files, TypeScript only reads the options and searches no folders.
    const parsed = parseJsonConfigFileContent(
      { ...(config as object | undefined), files: [], include: [] },
      {
        useCaseSensitiveFileNames: true,
        readDirectory: () => [],
        fileExists: (each) => this.#files.read(each) !== undefined,
        readFile: (each) => this.#files.read(each),
      },
      folder,
    );
    const { paths, baseUrl, pathsBasePath }: Record<string, unknown> & Pick<ts.CompilerOptions, 'paths'> =
      parsed.options;
    if (paths === undefined && baseUrl === undefined) return undefined;
    return {
      ...(paths === undefined ? {} : { paths }),
      ...(typeof pathsBasePath === 'string' ? { pathsBasePath } : {}),
      ...(typeof baseUrl === 'string' ? { baseUrl } : {}),
    };
  }
}
