/**
 * After each file was migrated on its own: changes that need several files. Reads files; writes
 * none. Does nothing, and loads nothing, where no place was refused for want of another file.
 */
import type { ReportedFile } from '../report/run-report.js';

import path from 'node:path';

import { mayNeedOtherFiles, migrateAcrossFiles, type MigratedFile } from '../codemods/project.js';
import { LANGUAGES } from '../codemods/registry.js';

import { countMarks, type MigrationSettings } from './migrate-file.js';
import { migrateOptions } from './migrate-options.js';
import { readSource } from './read-file.js';
import { createSourceFiles } from './source-files.js';

/** The results of a run with those replaced, and added, that changes across files touch. */
export async function withChangesAcrossFiles(
  alone: readonly ReportedFile[],
  settings: MigrationSettings,
): Promise<readonly ReportedFile[]> {
  if (!LANGUAGES.some(({ migrations }) => migrations.some(({ acrossFiles }) => acrossFiles))) return alone;
  if (!alone.some(({ result }) => mayNeedOtherFiles(result))) return alone;
  const readOriginal = (shownPath: string) => readOrUndefined(settings.root, shownPath);
  const files = alone.flatMap(({ result, original }): MigratedFile[] => {
    const text = original ?? (mayNeedOtherFiles(result) ? readOriginal(result.path) : undefined);
    return text === undefined ? [] : [{ path: result.path, text, result }];
  });
  const options = { ...migrateOptions(settings), root: settings.root, files: createSourceFiles(), readOriginal };
  const together = new Map((await migrateAcrossFiles(files, options)).map((file) => [file.path, file]));
  const replaced = alone.filter(({ result }) => !together.has(result.path));
  return [...replaced, ...[...together.values()].map(({ text, result, group }) => reported(text, result, group))];
}

function reported(text: string, result: MigratedFile['result'], group: string): ReportedFile {
  const todoMarks = countMarks(result.output ?? text);
  return result.status === 'changed' ? { result, original: text, todoMarks, group } : { result, todoMarks };
}

function readOrUndefined(root: string, shownPath: string): string | undefined {
  try {
    return readSource(path.resolve(root, shownPath), shownPath);
  } catch {
    return undefined;
  }
}
