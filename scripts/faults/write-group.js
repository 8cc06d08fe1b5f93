/**
 * Replaces the files of a folder as one group. Arguments: the folder, and what happens: `die` or the code of an error,
 * and the number of the call of the file system at which it does; or `go` to print a line, wait for one, write, and
 * print another. Exits with 1 if the files could not be written, and with 3 if there are fewer calls. Runs the built
 * modules.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';

import { writeTogether } from '../../dist/cli/write/atomic-write.js';

import { writesIn } from './group-folder.js';
import { watchedFileSystem } from './watched-file-system.js';

const [root = '', what = 'go', limit = '0'] = process.argv.slice(2);
if (what === 'go') {
  writeSync(1, 'ready\n');
  process.stdin.once('data', () => {
    writeTogether(writesIn(root));
    writeSync(1, 'written\n');
    process.exit(0);
  });
} else {
  let calls = 0;
  const system = watchedFileSystem((call) => {
    calls = call;
    if (call !== Number(limit)) return;
    if (what === 'die') process.kill(process.pid, 'SIGKILL');
    throw Object.assign(new Error(what), { code: what });
  });
  try {
    writeTogether(writesIn(root), system);
  } catch {
    process.exitCode = 1;
  }
  if (calls < Number(limit)) process.exitCode = 3;
}
