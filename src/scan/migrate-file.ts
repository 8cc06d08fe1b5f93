/**
 * One file from disk through the engine: what runs for each file, in this process or in a worker.
 * Reads files; writes none. Never throws: whatever goes wrong becomes the file's result.
 */
import type { KerasTarget } from '../codemods/migration.js';
import type { ReportedFile } from '../report/run-report.js';

import path from 'node:path';

import { failed, type MigrateOptions, migrateText } from '../codemods/engine.js';

import { readSource } from './read-file.js';

/** The settings of a run that reach the engine; plain data, so that a worker can have them too. */
export interface MigrationSettings {
  /** The real path of the directory of the run. */
  readonly root: string;
  /** Names of the migrations to run; when empty, all that are not opt-in. */
  readonly only: readonly string[];
  readonly mark: boolean;
  readonly modules: readonly string[];
  /** Which Keras Python code shall import. */
  readonly target?: KerasTarget | undefined;
  /** Names under which files of the project hand on what migrations look for. */
  readonly otherNames?: readonly string[];
  /** Whether the changes will be written, so that what is left is told in places of the new text. */
  readonly apply: boolean;
}

const MARK = 'TODO(mirrorscope)';

/** Migrates one file; `shownPath` is its path relative to the root. */
export async function migrateFile(
  shownPath: string,
  options: MigrateOptions,
  settings: MigrationSettings,
): Promise<ReportedFile> {
  let text: string;
  try {
    text = readSource(path.resolve(settings.root, shownPath), shownPath);
  } catch (error) {
    return { result: failed(shownPath, error), todoMarks: 0 };
  }
  return migrateSource(shownPath, text, options, settings.apply);
}

/** Migrates one text that has been read already. */
export async function migrateSource(
  shownPath: string,
  text: string,
  options: MigrateOptions,
  apply: boolean,
): Promise<ReportedFile> {
  let result;
  try {
    result = await migrateText(shownPath, text, options);
  } catch (error) {
    return { result: failed(shownPath, error), todoMarks: countMarks(text) };
  }
  if (result.output === undefined) return { result, todoMarks: countMarks(text) };
  const changed = { result, original: text, todoMarks: countMarks(result.output) };
  const isAllRewritten = result.findings.every(({ disposition }) => disposition === 'rewrite');
  if (!apply || isAllRewritten) return changed;
  const { findings: remaining } = await migrateText(shownPath, result.output, { ...options, mark: false });
  return {
    ...changed,
    remaining: [...(result.consequences ?? []), ...remaining].sort((a, b) => a.start.offset - b.start.offset),
  };
}

/** How many `TODO(mirrorscope)` marks stand in a text. */
export function countMarks(text: string): number {
  let count = 0;
  for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + MARK.length)) count++;
  return count;
}
