/**
 * Walks directories to find source files. Applies ignore files and globs, and stays inside the root. Sorts its output
 * by path, so that it is the same on every machine. Reads files; writes none.
 */
import type { MirrorscopeError } from '../errors/mirrorscope-error.js';
import type { PathFilter } from './path-filter.js';

import { type Dirent, existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';

import { fileAccessError } from '../errors/file-access-error.js';
import { ENVIRONMENT_MARKERS, FOREIGN_FOLDERS, isPythonBuildFolder } from '../files/foreign-folders-table.js';
import { isInside } from '../files/inside.js';

import { globalIgnoreFile } from './global-ignore-file.js';
import {
  type DirectoryRules,
  IGNORE_FILE_NAME,
  type IgnoreLevel,
  ignoreRulesAbove,
  isIgnored,
  withIgnoreFile,
} from './ignore-rules.js';

/** What to walk and what to skip. */
export interface WalkOptions {
  /** The real path of the directory of the run. The walk follows no link that leads out of it. */
  readonly root: string;
  /** Absolute paths of the files and directories to process; each must exist. */
  readonly seeds: readonly string[];
  /** The extensions of the files to return, with the dot, in lower case. */
  readonly extensions: ReadonlySet<string>;
  readonly filter: PathFilter;
  readonly respectIgnoreFiles: boolean;
}

/** A directory or a named path that could not be read. */
export interface WalkFailure {
  readonly path: string;
  readonly error: MirrorscopeError;
}

/** What a walk found. */
export interface WalkResult {
  /** Real absolute paths, sorted, each once. */
  readonly files: readonly string[];
  readonly failures: readonly WalkFailure[];
  /** The files that were named as seeds. */
  readonly named: ReadonlySet<string>;
  /** Files that were named as seeds but have another extension. */
  readonly otherTypes: readonly string[];
  /** Every directory that was entered, which may contain temporary files of a killed run. */
  readonly directories: readonly string[];
}

/** Walks all seeds. Follows a symbolic link only to a target inside the root that it has not visited yet. */
export function walk(options: WalkOptions): WalkResult {
  return new Walker(options).run();
}

/** The extension of a file name with its dot, in lower case, or the empty string. */
export function extensionOf(fileName: string): string {
  const dot = fileName.lastIndexOf('.');
  return dot <= fileName.lastIndexOf(path.sep) + 1 ? '' : fileName.slice(dot).toLowerCase();
}

function isForeignName(directory: string): boolean {
  const name = path.basename(directory);
  return FOREIGN_FOLDERS.has(name) || isPythonBuildFolder(path.basename(path.dirname(directory)), name);
}

class Walker {
  readonly #files = new Set<string>();
  readonly #named = new Set<string>();
  readonly #directories = new Set<string>();
  readonly #failures: WalkFailure[] = [];
  readonly #links: string[] = [];
  readonly #otherTypes: string[] = [];
  readonly #globalIgnoreFiles = new Map<string, string>();
  readonly #options: WalkOptions;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  run(): WalkResult {
    for (const seed of this.#options.seeds) this.#visitNamed(seed);
    // Visit links last, because by then most of their targets have been visited under their own names.
    for (let link = this.#links.pop(); link !== undefined; link = this.#links.pop()) this.#visitLink(link);
    return {
      files: [...this.#files].sort(comparePaths),
      failures: this.#failures.sort((left, right) => comparePaths(left.path, right.path)),
      named: this.#named,
      otherTypes: this.#otherTypes,
      directories: [...this.#directories],
    };
  }

  #visitNamed(seed: string): void {
    try {
      const real = realpathSync(seed);
      // Scan a named path even if a rule above would skip it.
      if (statSync(real).isDirectory()) this.#visitDirectory(real, this.#namedRulesAbove(real), true);
      else if (!this.#options.extensions.has(extensionOf(real))) this.#otherTypes.push(seed);
      else if (this.#options.filter.acceptsFile(real)) {
        this.#named.add(real);
        this.#files.add(real);
      }
    } catch (cause) {
      this.#fail(seed, cause);
    }
  }

  #visitLink(link: string): void {
    let real: string;
    let stats: Stats;
    try {
      real = realpathSync(link);
      stats = statSync(real);
    } catch {
      // A dangling or circular link leads to no file.
      return;
    }
    const isDirectory = stats.isDirectory();
    if (!isDirectory && !stats.isFile()) return;
    if (!isInside(real, this.#options.root) || this.#isBelowForeignFolder(real)) return;
    const directory = isDirectory ? real : path.dirname(real);
    const above = this.#rulesAbove(directory);
    if (above.isIgnored || !this.#acceptsAncestors(directory)) return;
    if (isDirectory) {
      this.#visitDirectory(real, above.level);
    } else if (!isIgnored(this.#withOwnRules(directory, above.level), real, false)) {
      this.#visitFile(real);
    }
  }

  /** Whether a folder between the root and the target of a link is one that the walk would not enter. */
  #isBelowForeignFolder(real: string): boolean {
    const { root } = this.#options;
    for (let current = real; current !== root && isInside(current, root); current = path.dirname(current)) {
      const isEnvironment = (marker: string): boolean => existsSync(path.join(current, marker));
      if (isForeignName(current) || ENVIRONMENT_MARKERS.some(isEnvironment)) return true;
    }
    return false;
  }

  #visitDirectory(directory: string, rulesAbove: IgnoreLevel | undefined, isNamed = false): void {
    if (this.#directories.has(directory)) return;
    this.#directories.add(directory);
    let entries: Dirent[];
    try {
      entries = readdirSync(directory, { withFileTypes: true });
    } catch (cause) {
      this.#fail(directory, cause);
      return;
    }
    if (!isNamed && entries.some(({ name }) => ENVIRONMENT_MARKERS.includes(name))) return;
    let rules = rulesAbove;
    if (this.#options.respectIgnoreFiles && entries.some((entry) => entry.name === IGNORE_FILE_NAME)) {
      rules = withIgnoreFile(directory, path.join(directory, IGNORE_FILE_NAME), rules);
    }
    const prefix = directory.endsWith(path.sep) ? directory : directory + path.sep;
    for (const entry of entries) this.#visitEntry(prefix + entry.name, entry, rules);
  }

  #visitEntry(absolute: string, entry: Dirent, rules: IgnoreLevel | undefined): void {
    if (entry.isDirectory()) {
      if (isForeignName(absolute) || isIgnored(rules, absolute, true)) return;
      if (this.#options.filter.acceptsDirectory(absolute)) this.#visitDirectory(absolute, rules);
    } else if (entry.isFile()) {
      if (!this.#options.extensions.has(extensionOf(entry.name)) || isIgnored(rules, absolute, false)) return;
      this.#visitFile(absolute);
    } else if (entry.isSymbolicLink() && !isIgnored(rules, absolute, false)) {
      this.#links.push(absolute);
    }
  }

  #visitFile(absolute: string): void {
    if (!this.#options.extensions.has(extensionOf(absolute))) return;
    if (this.#options.filter.acceptsFile(absolute)) this.#files.add(absolute);
  }

  #acceptsAncestors(directory: string): boolean {
    for (let current = directory; current !== this.#options.root; current = path.dirname(current)) {
      if (!this.#options.filter.acceptsDirectory(current)) return false;
    }
    return true;
  }

  #rulesAbove(directory: string): DirectoryRules {
    if (!this.#options.respectIgnoreFiles) return { level: undefined, isIgnored: false };
    return ignoreRulesAbove(directory, this.#options.root, (repository) => this.#globalIgnoreFile(repository));
  }

  #namedRulesAbove(directory: string): IgnoreLevel | undefined {
    const above = this.#rulesAbove(directory);
    return above.isIgnored ? undefined : above.level;
  }

  /** Asks git once per repository. */
  #globalIgnoreFile(repository: string): string {
    let file = this.#globalIgnoreFiles.get(repository);
    if (file === undefined) this.#globalIgnoreFiles.set(repository, (file = globalIgnoreFile(repository)));
    return file;
  }

  #withOwnRules(directory: string, above: IgnoreLevel | undefined): IgnoreLevel | undefined {
    if (!this.#options.respectIgnoreFiles) return undefined;
    return withIgnoreFile(directory, path.join(directory, IGNORE_FILE_NAME), above);
  }

  #fail(absolute: string, cause: unknown): void {
    this.#failures.push({ path: absolute, error: fileAccessError('read', cause) });
  }
}

/** A path as reports show it: relative to the root, with forward slashes. */
export function relativePath(root: string, absolute: string): string {
  const prefix = root.endsWith(path.sep) ? root : root + path.sep;
  const relative = absolute.startsWith(prefix) ? absolute.slice(prefix.length) : path.relative(root, absolute);
  return path.sep === '/' ? relative : relative.replaceAll(path.sep, '/');
}

/** Orders paths by code unit, so that the order does not depend on the locale. */
export function comparePaths(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
