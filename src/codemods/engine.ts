/**
 * Takes the text of one file through every migration: literal pre-filter, parse, plan, edit, and
 * again on what came out, which must parse and must not change any more. Reads other files only
 * through `SourceFiles`; writes none.
 */
import type { KerasTarget, LanguageSupport, Migration, MigrationContext, SourceFiles } from './migration.js';
import type { FileError, FileResult, Finding, TextEdit } from './result.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { applyEdits } from './edits/apply-edits.js';
import { decodeUtf8, splitByteOrderMark } from './edits/encoded-text.js';
import { withNewlinesOf } from './edits/newlines.js';
import { inNewText, type MigratedText, migrateOnce } from './passes.js';
import { languageOf } from './registry.js';
import { isSelected, mayConcern } from './selection.js';

/** Options of a run; the same for every file. */
export interface MigrateOptions {
  /** Names of the migrations to run; when left out, all that are not opt-in. */
  readonly only?: readonly string[] | undefined;
  /** Leave a `TODO(mirrorscope)` comment at each place that is refused or only reported. */
  readonly mark?: boolean | undefined;
  /** More modules from which the deprecated names may come, as written in imports. */
  readonly modules?: readonly string[] | undefined;
  /** Absolute path of the folder that the paths of files are relative to; needed to look into other files. */
  readonly root?: string | undefined;
  /** Which Keras Python code shall import; `auto` when left out. */
  readonly kerasTarget?: KerasTarget | undefined;
  /** Names under which files of the project hand on what migrations look for. */
  readonly otherNames?: readonly string[] | undefined;
  /** Access to other files of the project; without it each file is judged alone. */
  readonly files?: SourceFiles | undefined;
}

/**
 * Migrates the text of one file. Never throws for what the file holds: a file that cannot be
 * handled comes back as `failed`, with the text untouched.
 * @param path relative to the root of the run; its ending decides the language
 * @param text with its byte-order mark, if it has one
 */
export async function migrateText(path: string, text: string, options: MigrateOptions = {}): Promise<FileResult> {
  const entry = languageOf(path);
  const wanted = entry?.migrations.filter((migration) => isSelected(migration, options.only)) ?? [];
  if (entry === undefined || !wanted.some((migration) => mayConcern(migration, text, options.otherNames))) {
    return unchanged(path);
  }
  return migrateWith(await entry.load(), path, text, options);
}

/**
 * Like {@link migrateText}, from the bytes of a file.
 * Bytes that are not UTF-8 give a result that is `failed` with `ENCODING`.
 */
export async function migrateBytes(path: string, bytes: Uint8Array, options: MigrateOptions = {}): Promise<FileResult> {
  let text: string;
  try {
    text = decodeUtf8(bytes, path);
  } catch (error) {
    return failed(path, error);
  }
  return migrateText(path, text, options);
}

/** Like {@link migrateText}, without waiting, for a language that is loaded already. */
export function migrateWith<Source>(
  language: LanguageSupport<Source>,
  path: string,
  text: string,
  options: MigrateOptions = {},
): FileResult {
  const { mark, body } = splitByteOrderMark(text);
  const migrations = language.migrations.filter(
    (migration) => isSelected(migration, options.only) && mayConcern(migration, body, options.otherNames),
  );
  if (migrations.length === 0) return unchanged(path);
  try {
    const context = contextOf(path, options);
    const migrated = checked(language, migrations, path, body, context);
    const marks = options.mark ? marksOf(language, migrated, path) : [];
    const marked = applyEdits(migrated.text, marks);
    if (options.mark) assertStable(language, migrations, path, marked, context);
    const findings = inOrder(migrated.findings);
    if (marked === body) return { path, status: 'unchanged', findings };
    const consequences = migrated.consequences.map((finding) => inNewText(finding, [marks], marked));
    if (consequences.length > 0) return { path, status: 'changed', findings, output: mark + marked, consequences };
    return { path, status: 'changed', findings, output: mark + marked };
  } catch (error) {
    return failed(path, error);
  }
}

function contextOf(
  path: string,
  { modules = [], root, files, kerasTarget, otherNames }: MigrateOptions,
): MigrationContext {
  const absolutePath = root === undefined ? undefined : `${root.replace(/[\\/]+$/, '')}/${path}`;
  return { modules, absolutePath, root, files, kerasTarget, otherNames, acrossFiles: false };
}

function checked<Source>(
  language: LanguageSupport<Source>,
  migrations: readonly Migration<Source>[],
  path: string,
  text: string,
  context: MigrationContext,
): MigratedText {
  const migrated = migrateOnce(language, migrations, path, text, context);
  if (migrated.text !== text) assertStable(language, migrations, path, migrated.text, context);
  return migrated;
}

/** The output must parse, and a second run must leave it alone. */
function assertStable<Source>(
  language: LanguageSupport<Source>,
  migrations: readonly Migration<Source>[],
  path: string,
  text: string,
  context: MigrationContext,
): void {
  let again: MigratedText;
  try {
    again = migrateOnce(language, migrations, path, text, context);
  } catch (cause) {
    throw new MirrorscopeError(ErrorCode.Internal, `What ${path} would become does not parse; it was left as it was.`, {
      cause,
    });
  }
  if (again.text !== text) {
    throw new MirrorscopeError(
      ErrorCode.Internal,
      `What ${path} would become would change again; it was left as it was.`,
    );
  }
}

function marksOf<Source>(
  language: LanguageSupport<Source>,
  { text, remaining, consequences }: MigratedText,
  path: string,
): TextEdit[] {
  const places = [...remaining, ...consequences.filter(({ disposition }) => disposition === 'report')];
  return places.length === 0 ? [] : withNewlinesOf(text, language.mark(language.parse(path, text), inOrder(places)));
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => a.start.offset - b.start.offset || a.end.offset - b.end.offset);
}

function unchanged(path: string): FileResult {
  return { path, status: 'unchanged', findings: [] };
}

/** A result for a file that could not be handled. */
export function failed(path: string, error: unknown): FileResult {
  return { path, status: 'failed', findings: [], error: asFileError(path, error) };
}

function asFileError(path: string, error: unknown): FileError {
  const known =
    error instanceof MirrorscopeError
      ? error
      : new MirrorscopeError(ErrorCode.Internal, `${path}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
  return { code: known.code, message: known.message, hint: known.hint };
}
