/**
 * Migrates a folder with hostile contents through the command line, and checks that nothing outside it changes and that
 * nothing is left over. Writes a temporary folder, which it removes.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { main } from '../../dist/cli/main.js';
import { createRandom } from '../semantics/random.js';

import { makeInput } from './make-input.js';

/** @import { CommandIo } from '../../dist/cli/command-io.js' */
/** @import { Problem } from './check-input.js' */
/** @import { SeedFile } from './seed-files.js' */

const FILES = 4;
const LEGACY = 'from keras.utils import multi_gpu_model\nm = multi_gpu_model(build(), 2)\nm.compile("sgd", "mse")\n';
const ODD_NAMES = ['-w', 'a b', 'new\nline', '$(touch x)', 'é', '..hidden', '%2e%2e', '__init__', 'index'];
const CONFIGURATIONS = [
  '{}',
  '{"include": ["../**"]}',
  '{"exclude": ["{a,"]}',
  '{"mark": true}',
  '{"only": ["tfjs-node"]}',
  '[',
  '{"modules": ["./a.js"]}',
];
const IGNORE_FILES = ['', '*.py', '!../outside', '/**/*a*a*a*a*b', '[', '\\'];
const DEAD_PROCESS = 2 ** 22 - 3;

/**
 * Migrates a folder.
 * @param {readonly SeedFile[]} seeds - What its files are made from.
 * @param {number} seed - Seed of the run.
 * @param {number} number - Which input of the run.
 * @returns {Promise<Problem[]>} What went wrong.
 */
export async function checkTree(seeds, seed, number) {
  const random = createRandom(seed + number);
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'mirrorscope-fuzz-')));
  const root = path.join(base, 'root');
  const outside = path.join(base, 'outside');
  try {
    for (const folder of [root, outside, path.join(root, 'pkg')]) mkdirSync(folder);
    for (const name of ['a.py', 'b.py', 'c.js']) writeFileSync(path.join(outside, name), LEGACY);
    for (let index = 0; index < FILES; index++) {
      const input = makeInput(seeds, seed, number + index);
      const name = (random.chance(0.3) ? random.pick(ODD_NAMES) : `f${index}`) + path.extname(input.name);
      writeFileSync(path.join(root, random.chance(0.5) ? 'pkg' : '', name), input.text);
    }
    symlinkSync(path.join(outside, 'a.py'), path.join(root, 'link.py'));
    symlinkSync('../outside', path.join(root, 'folder'));
    symlinkSync('.', path.join(root, 'self'));
    symlinkSync('/dev/zero', path.join(root, 'zero.py'));
    writeFileSync(path.join(root, 'mirrorscope.config.json'), random.pick(CONFIGURATIONS));
    writeFileSync(path.join(root, '.gitignore'), random.pick(IGNORE_FILES));
    writeFileSync(
      path.join(root, `.mirrorscope-${DEAD_PROCESS}-0123456789ab.journal`),
      forgedJournal(random.pick(['../outside/a.py', 'folder/b.py', 'link.py'])),
    );
    const before = contentsOf(outside);
    const errors = await run(root, ['migrate', '--write', '--allow-dirty', '--threads', '1']);
    if (contentsOf(outside) !== before) return [{ kind: 'outside', detail: 'a file outside the folder changed' }];
    const left = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'));
    if (left.length > 0) return [{ kind: 'outside', detail: 'a temporary file is left' }];
    return errors.includes('internal error') ? [{ kind: 'crash', detail: `command line: ${errors}` }] : [];
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/** A record of a group of files that would overwrite a file elsewhere. @param {string} target */
function forgedJournal(target) {
  const entry = { target, next: 'x', previous: 'y', before: '', after: '' };
  return JSON.stringify({ version: 1, files: [entry] });
}

/** @param {string} folder */
function contentsOf(folder) {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const file = path.join(folder, name);
      return `${name} ${statSync(file).mode} ${readFileSync(file, 'utf8')}`;
    })
    .join('\n');
}

/**
 * Runs a command line in this process, and returns what it printed on standard error.
 * @param {string} directory - Where to run it.
 * @param {string[]} words - The arguments.
 */
async function run(directory, words) {
  let errors = '';
  /** @type {CommandIo} */
  const io = {
    directory,
    environment: {},
    stdout: { isTTY: false, write: () => undefined },
    stderr: {
      isTTY: false,
      write: (text) => {
        errors += String(text);
      },
    },
    readStdin: () => Promise.resolve(new Uint8Array()),
    onSignal: () => () => undefined,
  };
  await main(words, io);
  return errors;
}
