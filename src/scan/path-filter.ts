/** Filters paths by `--include` and `--exclude`. Pure; loads the glob library only when there is a glob. */
import type Picomatch from 'picomatch';

import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** Globs with forward slashes, and the absolute folder that they are relative to. `**` matches across folders. */
export interface GlobSet {
  readonly base: string;
  /** A glob without a slash matches at any depth. */
  readonly globs: readonly string[];
}

/** Decides by absolute path. */
export interface PathFilter {
  /** Whether to process a file. */
  acceptsFile(absolutePath: string): boolean;
  /** Whether a folder can contain files to process. */
  acceptsDirectory(absolutePath: string): boolean;
}

/**
 * Makes a filter.
 *
 * @param include - What to process; everything when there are no globs.
 * @param exclude - What to skip.
 * @returns The filter.
 */
export function createPathFilter(include: GlobSet, exclude: GlobSet): PathFilter {
  const included = include.globs.length === 0 ? () => true : globMatcher(include);
  const excluded = exclude.globs.length === 0 ? () => false : globMatcher(exclude);
  return {
    acceptsFile: (absolutePath) => !excluded(absolutePath) && included(absolutePath),
    acceptsDirectory: (absolutePath) => !excluded(absolutePath),
  };
}

function globMatcher({ base, globs }: GlobSet): (absolutePath: string) => boolean {
  const picomatch = require('picomatch') as typeof Picomatch;
  const matchers = globs.map((glob) => {
    const pattern = normalizeGlob(glob);
    return picomatch(pattern, { dot: true, basename: !pattern.includes('/') });
  });
  return (absolutePath) => {
    const relative = path.relative(base, absolutePath).replaceAll(path.sep, '/');
    return matchers.some((matches) => matches(relative));
  };
}

/** `./src/` and `src` mean the same folder. */
function normalizeGlob(glob: string): string {
  return glob.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
}
