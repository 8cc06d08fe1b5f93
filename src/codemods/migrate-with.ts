/**
 * Migrates the text of one file in a language that is loaded: runs the migrations until nothing changes any more, and
 * leaves the TODO marks, which another run must not change. Reads other files only through `SourceFiles`.
 */
import type { LanguageSupport, Migration, MigrationContext, MigrationEnvironment } from './migration.js';
import type { FileResult, Finding, TextEdit } from './result.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { absolutePathOf } from './absolute-path.js';
import { applyEdits } from './edits/apply-edits.js';
import { splitByteOrderMark } from './edits/encoded-text.js';
import { withNewlinesOf } from './edits/newlines.js';
import { failedResult } from './failed-result.js';
import { findingMover } from './moved-finding.js';
import { type FileMigrations, type MigratedText, type ParsedText, runMigrations } from './passes.js';
import { matchesNeedles } from './prefilter.js';
import { isSelected } from './selection.js';
import { SUPPRESSION_FINDINGS } from './suppressions/unused-suppressions.js';

/**
 * Migrates the text of one file.
 *
 * @param language - The language of the file.
 * @param path - Relative to the root of the run.
 * @param text - The text, with its byte-order mark if it has one.
 * @param environment - The options of the run, and access to other files.
 * @returns The result. A file that cannot be handled has the status `failed`; nothing is thrown for it.
 */
export function migrateWith<Source>(
  language: LanguageSupport<Source>,
  path: string,
  text: string,
  environment: MigrationEnvironment,
): FileResult {
  const { mark: byteOrderMark, body } = splitByteOrderMark(text);
  const selected = language.migrations.filter((migration) => isSelected(migration, environment.migrations));
  const migrationsFor = (current: string): Migration<Source>[] =>
    selected.filter((migration) => matchesNeedles(migration, current, environment.reExportedNames));
  if (migrationsFor(body).length === 0) return { path, status: 'unchanged', findings: [] };
  try {
    const run = { language, migrationsFor, path, context: contextOf(path, environment) };
    const { text: output, findings, remaining } = migrateAndCheck(run, body, environment.mark);
    const inOrder = sorted(findings);
    if (output === body) return { path, status: 'unchanged', findings: inOrder };
    return { path, status: 'changed', findings: inOrder, output: byteOrderMark + output, remaining: sorted(remaining) };
  } catch (error) {
    return failedResult(path, error);
  }
}

/**
 * The context of a file on its own: other files can be read, but not changed.
 *
 * @param path - Relative to the root of the run.
 * @param environment - The options of the run.
 * @returns The context.
 */
export function contextOf(path: string, environment: MigrationEnvironment): MigrationContext {
  const { root } = environment;
  return {
    ...environment,
    absolutePath: root === undefined ? undefined : absolutePathOf(root, path),
    acrossFiles: false,
  };
}

/** Migrates and marks a text. `remaining` is what a second run over the output finds, at positions in the output. */
function migrateAndCheck<Source>(
  run: FileMigrations<Source>,
  text: string,
  mark: boolean,
): Pick<MigratedText<Source>, 'text' | 'findings' | 'remaining'> {
  const migrated = runMigrations(run, { text, source: run.language.parse(run.path, text, run.context) });
  const { findings, remaining, consequences } = migrated;
  const marks = mark ? marksOf(run, migrated, consequences) : [];
  if (marks.length === 0) return { text: migrated.text, findings, remaining: [...consequences, ...remaining] };
  const output = applyEdits(migrated.text, marks);
  const move = findingMover(output);
  return {
    text: output,
    findings,
    remaining: [...consequences.map((finding) => move(finding, [marks])), ...remainingAfterMarks(run, output)],
  };
}

function marksOf<Source>(
  { language }: FileMigrations<Source>,
  { text, source, remaining }: MigratedText<Source>,
  consequences: readonly Finding[],
): TextEdit[] {
  const findings = [...remaining, ...consequences.filter(({ disposition }) => disposition === 'report')].filter(
    ({ migration }) => migration !== SUPPRESSION_FINDINGS,
  );
  return findings.length === 0 ? [] : withNewlinesOf(text, language.mark(source, sorted(findings)));
}

/** Runs the migrations over a marked text, which must neither change it nor ask for other marks. */
function remainingAfterMarks<Source>(run: FileMigrations<Source>, text: string): readonly Finding[] {
  const again = runMigrations(run, parsedOutput(run, text));
  if (again.text !== text || marksOf(run, again, []).length > 0) {
    throw new MirrorscopeError(
      ErrorCode.Internal,
      `A second run would change the new text of ${run.path} again; the file was left unchanged.`,
    );
  }
  return again.remaining;
}

function parsedOutput<Source>({ language, path, context }: FileMigrations<Source>, text: string): ParsedText<Source> {
  try {
    return { text, source: language.parse(path, text, context) };
  } catch (cause) {
    throw new MirrorscopeError(
      ErrorCode.Internal,
      `The new text of ${path} does not parse; the file was left unchanged.`,
      { cause },
    );
  }
}

function sorted(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => a.start.offset - b.start.offset || a.end.offset - b.end.offset);
}
