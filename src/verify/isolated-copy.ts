/**
 * Copies a project into a temporary folder, so that a script can write there. Only reads the project; writes the copy.
 */
import {
  constants,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** Folders that can be large and that no training script needs. */
const SKIPPED_FOLDERS = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '__pycache__',
  '.venv',
  'venv',
  '.tox',
  '.mypy_cache',
  '.ipynb_checkpoints',
]);

const MAX_COPY_BYTES = 4 * 1024 ** 3;

/** A project, and the texts that some files have in the copy. */
export interface CopySource {
  readonly root: string;
  /** By path relative to the root. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Copies a project. Symbolic links inside the project point into the copy; links to outside keep their target.
 *
 * @param source - The project.
 * @param target - An existing, empty folder.
 * @throws {MirrorscopeError} `FILE_ACCESS` when the project is too large to copy.
 */
export function copyProject({ root, texts }: CopySource, target: string): void {
  copyFolder(realpathSync(root), realpathSync(root), target, { bytes: 0 });
  for (const [relative, text] of texts) {
    const file = path.join(target, relative);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function copyFolder(root: string, from: string, to: string, copied: { bytes: number }): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) {
      if (SKIPPED_FOLDERS.has(entry.name)) continue;
      mkdirSync(target);
      copyFolder(root, source, target, copied);
    } else if (entry.isSymbolicLink()) {
      copyLink(root, source, target);
    } else if (entry.isFile()) {
      copied.bytes += statSync(source).size;
      if (copied.bytes > MAX_COPY_BYTES) throw tooLarge(root);
      // Some file systems can clone a file without copying its data.
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
    }
  }
}

function copyLink(root: string, source: string, target: string): void {
  const destination = path.resolve(path.dirname(source), readlinkSync(source));
  const relative = path.relative(root, destination);
  const isInside = !relative.startsWith('..') && !path.isAbsolute(relative);
  symlinkSync(isInside ? path.relative(path.dirname(source), destination) : destination, target);
}

function tooLarge(root: string): MirrorscopeError {
  return new MirrorscopeError(
    ErrorCode.FileAccess,
    `${root} contains more than 4 GiB, so it was not copied for the verification.`,
    {
      hint: 'Run in a smaller folder, or replace the data in it with a symbolic link.',
    },
  );
}
