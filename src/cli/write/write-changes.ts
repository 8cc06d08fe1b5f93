/**
 * Puts the changes of a run on disk, after the guard has agreed. A file that cannot be written is
 * reported as failed and does not stop the others. Writes files.
 */
import type { ReportedFile } from '../../report/run-report.js';

import path from 'node:path';

import { failed } from '../../codemods/engine.js';

import { type FileWrite, writeTogether } from './atomic-write.js';
import { assertClean } from './git-guard.js';
import { removeLeftovers } from './temporary-file.js';

/** How to write. */
export interface WriteOptions {
  /** The real path of the directory that the results' paths are relative to. */
  readonly root: string;
  /** Write also what git could not bring back. */
  readonly allowDirty: boolean;
  /** Directories in which a killed run may have left temporary files. */
  readonly directories: readonly string[];
}

/**
 * Writes every changed file; files of one group all together or not at all.
 *
 * @returns the files as they are now: those that could not be written are `failed`
 * @throws MirrorscopeError `DIRTY_WORKING_TREE`, before anything is written
 */
export function writeChanges(files: readonly ReportedFile[], options: WriteOptions): ReportedFile[] {
  const changed = files.filter(({ result }) => result.status === 'changed');
  const absolute = (file: ReportedFile) => path.resolve(options.root, file.result.path);
  if (!options.allowDirty) assertClean(changed.map(absolute), options.root);
  removeLeftovers(new Set([...options.directories, ...changed.map((file) => path.dirname(absolute(file)))]));
  const failures = new Map<string, ReportedFile>();
  for (const group of groupsOf(changed)) {
    try {
      writeTogether(group.map((file) => fileWrite(absolute(file), file)));
    } catch (error) {
      for (const { result } of group) {
        failures.set(result.path, {
          result: { ...failed(result.path, error), findings: result.findings },
          todoMarks: 0,
        });
      }
    }
  }
  return files.map((file) => failures.get(file.result.path) ?? file);
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
