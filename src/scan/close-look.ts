/**
 * Whether a file has to be parsed: first its bytes, then its project, then its decoded text are asked whether a migration can have
 * anything to do. Reads files of the project where a migration depends on them; writes none.
 */
import type { MigrationInfo, TextLook } from '../codemods/migration.js';
import type { LanguageEntry } from '../codemods/registry.js';

import { decodeUtf8 } from '../codemods/edits/encoded-text.js';
import { matchesNeedles } from '../codemods/prefilter.js';

import { createNeedleSearch } from './needle-search.js';
import { createSourceFiles } from './source-files.js';
import { relativePath } from './walk.js';

/** Says of a file and its bytes whether it has to be parsed. */
export type CloseLook = (file: string, content: Buffer) => boolean;

/** @param language - with the migrations that run */
export function createCloseLook(language: LanguageEntry, root: string): CloseLook {
  const { migrations, codeOf } = language;
  const holdsAny = createNeedleSearch(
    migrations.filter(({ projectNeedle }) => projectNeedle === undefined).flatMap(({ needles }) => needles),
  );
  const projectMigrations = migrations.filter(({ projectNeedle }) => projectNeedle !== undefined);
  const holdsAnyForProject = createNeedleSearch(projectMigrations.flatMap(({ needles }) => needles));
  const projectHolds = language.projectSearch?.(createSourceFiles(), root);
  // The same path that the engine will know the file by.
  const pathOf = (file: string): string => `${root.replace(/[\\/]+$/, '')}/${relativePath(root, file)}`;

  const isInProject = ({ projectNeedle }: MigrationInfo, path: string, content: Buffer): boolean =>
    projectNeedle === undefined ||
    projectHolds === undefined ||
    content.includes(projectNeedle) ||
    projectHolds(path, projectNeedle);

  return (file, content) => {
    const isForProject = !holdsAny(content);
    if (isForProject && !holdsAnyForProject(content)) return false;
    const path = pathOf(file);
    const possible = (isForProject ? projectMigrations : migrations).filter((migration) =>
      isInProject(migration, path, content),
    );
    if (possible.length === 0) return false;
    if (codeOf === undefined) return true;
    const look = lookAt(content, path, codeOf);
    // What cannot be decoded is reported by the engine.
    if (look === undefined) return true;
    return possible.some((migration) => migration.hint?.(look) ?? matchesNeedles(migration, look.text, []));
  };
}

function lookAt(content: Buffer, absolutePath: string, codeOf: (text: string) => string): TextLook | undefined {
  let text: string;
  try {
    text = decodeUtf8(content, absolutePath);
  } catch {
    return undefined;
  }
  let code: string | undefined;
  return { text, absolutePath, code: () => (code ??= codeOf(text)) };
}
