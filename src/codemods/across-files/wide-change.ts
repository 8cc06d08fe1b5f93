/** Plans changes of one file that reach into other files. Pure; reads other files only through `SourceFiles`. */
import type { LanguageSupport } from '../migration.js';
import type { Change, Finding, TextEdit } from '../result.js';
import type { ProjectEnvironment } from './project-file.js';

import { absolutePathOf, relativePathOf } from '../absolute-path.js';
import { splitByteOrderMark } from '../edits/encoded-text.js';
import { keepComments } from '../edits/keep-comments.js';
import { matchesNeedles } from '../prefilter.js';
import { isSelected } from '../selection.js';
import { withoutSuppressed } from '../suppressions/without-suppressed.js';

/** One change with its edits in every file that it touches. */
export interface WideChange {
  /** The file that the change was planned for. */
  readonly origin: string;
  readonly findings: readonly Finding[];
  /** By path relative to the root. */
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
}

/**
 * Plans the changes of one file that need other files.
 *
 * @param language - The language of the file.
 * @param path - Relative to the root.
 * @param text - The text, with its byte-order mark if it has one.
 * @param environment - The run; `files` decides which texts the other files have.
 * @returns The changes that touch at least one other file.
 */
export function planWideChanges(
  language: LanguageSupport<unknown>,
  path: string,
  text: string,
  environment: ProjectEnvironment,
): WideChange[] {
  const { root, migrations, reExportedNames } = environment;
  const { body } = splitByteOrderMark(text);
  const selected = language.migrations.filter(
    (migration) =>
      migration.acrossFiles === true &&
      isSelected(migration, migrations) &&
      matchesNeedles(migration, body, reExportedNames),
  );
  if (selected.length === 0) return [];
  const context = { ...environment, absolutePath: absolutePathOf(root, path), acrossFiles: true };
  const source = language.parse(path, body, context);
  const suppressions = language.suppressions?.(source) ?? [];
  const commented = language.commented?.(source);
  const plans = selected.map((migration) => withoutSuppressed(migration.plan(source, context), suppressions));
  return plans
    .flatMap((plan) => (commented === undefined ? plan : keepComments(plan, commented)).changes)
    .flatMap((change) => wideChange(root, path, change) ?? []);
}

function wideChange(root: string, origin: string, { findings, edits, otherFiles }: Change): WideChange | undefined {
  if (otherFiles === undefined || otherFiles.size === 0) return undefined;
  const byPath = new Map<string, readonly TextEdit[]>([[origin, edits]]);
  for (const [absolutePath, others] of otherFiles) byPath.set(relativePathOf(root, absolutePath), others);
  return { origin, findings, edits: byPath };
}
