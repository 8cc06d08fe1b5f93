/**
 * Writes the changes of a run to disk, unless that would lose uncommitted work. A file that cannot be written is
 * reported as failed; the others are written. Writes files.
 */
import type { ReportedFile } from '../../report/run-report.js';

import path from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { failedResult } from '../../codemods/failed-result.js';
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { type FileWrite, writeTogether } from './atomic-write.js';
import { assertClean } from './git-guard.js';
import { removeLeftovers } from './temporary-file.js';

/** How to write. */
export interface WriteOptions {
  /** The real path of the folder that the paths of results are relative to. */
  readonly root: string;
  /** Whether to write files with uncommitted changes. */
  readonly allowDirty: boolean;
  /** Folders in which a killed run can have left temporary files. */
  readonly directories: readonly string[];
  /** Asked between groups of files; once it returns true, the remaining files stay as they are. */
  readonly isStopped?: () => boolean;
}

/**
 * Writes every changed file. The files of one group are written together or not at all.
 *
 * @param files - The files of the run.
 * @param options - Where and how to write.
 * @returns The files; those that could not be written are `failed`.
 * @throws {MirrorscopeError} `DIRTY_WORKING_TREE`, before anything is written.
 */
export async function writeChanges(files: readonly ReportedFile[], options: WriteOptions): Promise<ReportedFile[]> {
  const changed = files.filter(({ result }) => result.status === 'changed');
  const absolute = (file: ReportedFile) => path.resolve(options.root, file.result.path);
  if (!options.allowDirty) assertClean(changed.map(absolute), options.root);
  removeLeftovers(new Set([...options.directories, ...changed.map((file) => path.dirname(absolute(file)))]));
  const failures = new Map<string, ReportedFile>();
  for (const group of groupsOf(changed)) {
    // Lets handlers of signals run.
    await setImmediate();
    try {
      if (options.isStopped?.() === true) throw stopped();
      writeTogether(group.map((file) => fileWrite(absolute(file), file)));
    } catch (error) {
      for (const { result } of group) {
        failures.set(result.path, {
          result: { ...failedResult(result.path, error), findings: result.findings },
          todoMarks: 0,
        });
      }
    }
  }
  return files.map((file) => failures.get(file.result.path) ?? file);
}

function stopped(): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.FileAccess, 'The run was stopped before it wrote this file.', {
    hint: 'Run again for the rest.',
  });
}

function fileWrite(absolutePath: string, { result, original = '' }: ReportedFile): FileWrite {
  return { absolutePath, original, output: result.output ?? original };
}

function groupsOf(files: readonly ReportedFile[]): readonly (readonly ReportedFile[])[] {
  const groups = new Map<string, ReportedFile[]>();
  for (const file of files) {
    const name = file.group ?? file.result.path;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [file]);
    else group.push(file);
  }
  return [...groups.values()];
}
