/** Copies a project into a temporary folder, so that a script can write there. The source is only read. */
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

/** Folders that no training script needs from its own project, and that can be large. */
const LEFT_OUT = new Set([
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

const LARGEST_COPY = 4 * 1024 ** 3;

/** A project, and texts that some of its files shall have in the copy. */
export interface CopySource {
  readonly root: string;
  /** Keyed by path relative to the root. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Copies `root` into the existing, empty folder `target`.
 * Links within the project lead to the copy; links out of it lead where they led.
 * @throws MirrorscopeError `FILE_ACCESS` when the project is too large to copy.
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
      if (LEFT_OUT.has(entry.name)) continue;
      mkdirSync(target);
      copyFolder(root, source, target, copied);
    } else if (entry.isSymbolicLink()) {
      copyLink(root, source, target);
    } else if (entry.isFile()) {
      copied.bytes += statSync(source).size;
      if (copied.bytes > LARGEST_COPY) throw tooLarge(root);
      // A clone where the file system can, so that large data costs nothing.
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
    `${root} holds more than 4 GiB; it was not copied for the verification.`,
    {
      hint: 'Run from a smaller folder, or link the data into it instead of keeping it there.',
    },
  );
}
