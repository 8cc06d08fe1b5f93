/**
 * Resolves a relative import if only one existing file matches. The TypeScript compiler decides the other cases, so
 * most runs need not load it. Reads files through `SourceFiles`.
 */
import type { SourceFiles } from '../../migration.js';

import path from 'node:path';

/** Endings that TypeScript adds to a name without ending, and tries in place of `.js` and `.jsx`. */
const ADDED_ENDINGS = ['.ts', '.tsx', '.d.ts', '.js', '.jsx'];

const REPLACED_ENDINGS: ReadonlySet<string> = new Set(['.js', '.jsx']);

/** Every file ending that TypeScript may choose. */
const ALL_ENDINGS = [...ADDED_ENDINGS, '.mts', '.d.mts', '.mjs', '.cts', '.d.cts', '.cjs', ''];

/** Several files match, and only the compiler can decide. */
export const UNDECIDED = Symbol('undecided');

/**
 * Resolves `./name` and `../name`.
 *
 * @param specifier - A relative specifier.
 * @param fromFile - Absolute path of the importing file.
 * @param files - The files of the project.
 * @returns The absolute path of the one file that exists under the names that TypeScript tries; `undefined` when none
 *   does; {@link UNDECIDED} when several do, or when the name is also a folder.
 */
export function resolveRelative(
  specifier: string,
  fromFile: string,
  files: SourceFiles,
): string | undefined | typeof UNDECIDED {
  const named = path.posix.join(path.posix.dirname(fromFile.replaceAll('\\', '/')), specifier);
  const isFolderOrDeclaration = /(?:^|\/)(?:\.\.?)?$|\.d\./.test(specifier);
  if (isFolderOrDeclaration || files.isDirectory(named)) return UNDECIDED;
  const ending = path.posix.extname(named);
  const stem = named.slice(0, named.length - ending.length);
  const existing = new Set(
    [named, stem].flatMap((name) => ALL_ENDINGS.map((added) => name + added)).concat(`${stem}.d${ending}.ts`),
  );
  for (const file of existing) if (files.read(file) === undefined) existing.delete(file);
  const [only] = existing;
  if (only === undefined) return undefined;
  const isCertain =
    existing.size === 1 &&
    (ADDED_ENDINGS.some((added) => only === named + added) ||
      (REPLACED_ENDINGS.has(ending) && ADDED_ENDINGS.some((added) => only === stem + added)));
  return isCertain ? only : UNDECIDED;
}
