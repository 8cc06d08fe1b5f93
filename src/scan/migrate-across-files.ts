/**
 * Adds changes that need several files to the results of the files on their own. Reads files; writes none. Does nothing
 * unless a finding was refused because it needs another file.
 */
import type { MigratedFile, ProjectEnvironment } from '../codemods/across-files/project-file.js';
import type { FolderOptions } from '../codemods/options.js';
import type { ReportedFile } from '../report/run-report.js';

import path from 'node:path';

import { mayNeedOtherFiles, migrateAcrossFiles } from '../codemods/across-files/migrate-across-files.js';
import { LANGUAGES } from '../codemods/registry.js';

import { reportedFile } from './migrate-file.js';
import { readSource } from './read-file.js';
import { runEnvironment } from './run-environment.js';

/**
 * Makes the changes that need several files.
 *
 * @param alone - The files that were migrated on their own.
 * @param options - The options of the run.
 * @returns The same files, in which changed files replace the old ones. Files that only such a change touches are
 *   added.
 */
export async function withChangesAcrossFiles(
  alone: readonly ReportedFile[],
  options: FolderOptions,
): Promise<readonly ReportedFile[]> {
  if (!LANGUAGES.some(({ migrations }) => migrations.some(({ acrossFiles }) => acrossFiles))) return alone;
  if (!alone.some(({ result }) => mayNeedOtherFiles(result))) return alone;
  const readOriginal = (displayPath: string): string | undefined => readOrUndefined(options.root, displayPath);
  const files = alone.flatMap(({ result, original }): MigratedFile[] => {
    const text = original ?? (mayNeedOtherFiles(result) ? readOriginal(result.path) : undefined);
    return text === undefined ? [] : [{ path: result.path, text, result }];
  });
  const environment: ProjectEnvironment = { ...runEnvironment(options), readOriginal };
  const together = await migrateAcrossFiles(files, environment);
  const replaced = new Set(together.map((file) => file.path));
  return [
    ...alone.filter(({ result }) => !replaced.has(result.path)),
    ...together.map(({ text, result, group }) =>
      result.output === undefined ? reportedFile(text, result) : { ...reportedFile(text, result), group },
    ),
  ];
}

function readOrUndefined(root: string, displayPath: string): string | undefined {
  try {
    return readSource(path.resolve(root, displayPath), displayPath);
  } catch {
    return undefined;
  }
}
