/**
 * Replaces the files of a folder as one group, and kills itself right before the n-th call of the file system.
 * Arguments: the folder and n. Runs the built modules.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { writeTogether } from '../../dist/cli/write/atomic-write.js';
import { recoverGroups } from '../../dist/cli/write/recover-groups.js';

import { watchedFileSystem } from './watched-file-system.js';

const [root = '', limit = '', mode = 'write'] = process.argv.slice(2);
const system = watchedFileSystem((call) => {
  if (call === Number(limit)) process.kill(process.pid, 'SIGKILL');
});
const folders = ['.', 'sub'].map((name) => path.join(root, name));
if (mode === 'recover') {
  recoverGroups(folders, system);
} else {
  const files = folders.flatMap((folder) =>
    readdirSync(folder).flatMap((name) => (name.endsWith('.js') ? path.join(folder, name) : [])),
  );
  const name = (/** @type {string} */ file) => path.basename(file, '.js');
  writeTogether(
    files.map((file) => ({ absolutePath: file, original: `${name(file)} old`, output: `${name(file)} new` })),
    system,
  );
}
