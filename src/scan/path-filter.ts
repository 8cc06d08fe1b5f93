/** Filters paths by `--include` and `--exclude`. Pure. */
import type { GlobPart } from './glob/glob-part.js';

import path from 'node:path';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { globMatcher } from './glob/glob-matcher.js';
import { parseGlob } from './glob/parse-glob.js';

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
 * @throws {MirrorscopeError} `USAGE` if a glob uses what is not supported.
 */
export function createPathFilter(include: GlobSet, exclude: GlobSet): PathFilter {
  const included = include.globs.length === 0 ? () => true : matcherFor(include);
  const excluded = exclude.globs.length === 0 ? () => false : matcherFor(exclude);
  return {
    acceptsFile: (absolutePath) => !excluded(absolutePath) && included(absolutePath),
    acceptsDirectory: (absolutePath) => !excluded(absolutePath),
  };
}

function matcherFor({ base, globs }: GlobSet): (absolutePath: string) => boolean {
  const matchers = globs.map((glob) => {
    const pattern = normalizeGlob(glob);
    return { onName: !pattern.includes('/'), matches: globMatcher(partsOf(pattern)) };
  });
  return (absolutePath) => {
    const relative = path.relative(base, absolutePath).replaceAll(path.sep, '/');
    const name = path.basename(absolutePath);
    return matchers.some(({ onName, matches }) => matches(onName ? name : relative));
  };
}

/** `folder/**` also matches the folder itself, so that the walk does not enter an excluded one. */
function partsOf(glob: string): readonly GlobPart[] {
  assertSupported(glob);
  const parts = parseGlob(glob, { hasBraces: true });
  if (parts === undefined) throw unsupported(glob, 'it has a bracket or a backslash without its other half');
  if (!glob.endsWith('/**')) return parts;
  const folder = parseGlob(glob.slice(0, -3), { hasBraces: true });
  return folder === undefined ? parts : [{ kind: 'choice', globs: [parts, folder] }];
}

/** Some glob libraries know more than this. What would be taken literally here is refused rather than misread. */
function assertSupported(glob: string): void {
  if (glob.startsWith('!')) throw unsupported(glob, 'it starts with an exclamation mark');
  if (/[@!+?*]\(/.test(glob)) throw unsupported(glob, 'it has a pattern in parentheses');
}

function unsupported(glob: string, why: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.Usage, `The glob ${glob} is not supported: ${why}.`, {
    hint: 'Use *, **, ?, [a-z] and {a,b}. To keep files out, use --exclude, or "exclude" in the configuration.',
  });
}

/** `./src/` and `src` mean the same folder. */
function normalizeGlob(glob: string): string {
  let pattern = glob;
  while (pattern.startsWith('./')) pattern = pattern.slice(2);
  while (pattern.endsWith('/')) pattern = pattern.slice(0, -1);
  return pattern;
}
