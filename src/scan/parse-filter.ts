/**
 * Decides whether a file has to be parsed. The cheapest check comes first: the bytes of the file, then its project,
 * then its decoded text. Reads files of the project where a migration depends on them; writes none.
 */
import type { MigrationInfo, ProjectNeedle, UnparsedText } from '../codemods/migration.js';
import type { LanguageEntry } from '../codemods/registry.js';

import { absolutePathOf } from '../codemods/absolute-path.js';
import { decodeUtf8 } from '../codemods/edits/encoded-text.js';
import { matchesNeedles } from '../codemods/prefilter.js';

import { createNeedleSearch } from './needle-search.js';
import { createSourceFiles } from './source-files.js';
import { relativePath } from './walk.js';

/** Whether a file with these bytes may need parsing. */
export type ParseFilter = (file: string, content: Buffer) => boolean;

/**
 * Builds the filter for one language.
 *
 * @param language - The language, with the migrations of the run.
 * @param root - Absolute path of the folder of the run.
 * @returns A filter that is false only where no migration can find anything.
 */
export function createParseFilter(language: LanguageEntry, root: string): ParseFilter {
  const { migrations } = language;
  const projectMigrations = migrations.filter(({ projectNeedles }) => projectNeedles !== undefined);
  const otherMigrations = migrations.filter(({ projectNeedles }) => projectNeedles === undefined);
  const matchesAny = createNeedleSearch(otherMigrations.flatMap(({ needles }) => needles));
  const matchesAnyOfProject = createNeedleSearch(projectMigrations.flatMap(({ needles }) => needles));
  const projectContains = language.projectSearch?.(createSourceFiles());
  const readsCode = language.codeOf !== undefined;
  // The engine uses the same path for the file.
  const pathOf = (file: string): string => absolutePathOf(root, relativePath(root, file));

  const projectNeedlesOf = new Map(
    projectMigrations.map((migration) => [migration, (migration.projectNeedles ?? []).map(compileProjectNeedle)]),
  );

  const isInProject = (migration: MigrationInfo, path: string, content: Buffer): boolean => {
    const needles = projectNeedlesOf.get(migration);
    if (needles === undefined || projectContains === undefined) return true;
    // The file itself is cheaper to look into than its project.
    const possible = needles.filter(({ matchesOwn }) => matchesOwn(content));
    return (
      possible.some(({ literal }) => content.includes(literal)) ||
      possible.some(({ literal }) => projectContains(path, literal))
    );
  };

  return (file, content) => {
    const onlyForProject = !matchesAny(content);
    if (onlyForProject && !matchesAnyOfProject(content)) return false;
    const path = pathOf(file);
    const possible = (onlyForProject ? projectMigrations : migrations).filter((migration) =>
      isInProject(migration, path, content),
    );
    if (possible.length === 0) return false;
    if (!readsCode) return true;
    const text = unparsedText(content, path, language);
    // The engine reports files that cannot be decoded.
    if (text === undefined) return true;
    return possible.some((migration) => migration.hint?.(text) ?? matchesNeedles(migration, text.text, []));
  };
}

function compileProjectNeedle({ literal, own }: ProjectNeedle): {
  readonly literal: string;
  readonly matchesOwn: (content: Buffer) => boolean;
} {
  return { literal, matchesOwn: own === undefined ? () => true : createNeedleSearch(own) };
}

function unparsedText(
  content: Buffer,
  absolutePath: string,
  { codeOf = (text) => text }: LanguageEntry,
): UnparsedText | undefined {
  let text: string;
  try {
    text = decodeUtf8(content, absolutePath);
  } catch {
    return undefined;
  }
  let code: string | undefined;
  return { text, absolutePath, code: () => (code ??= codeOf(text)) };
}
