/**
 * `npm run demo`: migrates and lints a legacy project, trains the migrated code on handwritten digits, on two replicas
 * and on one device, and compares the losses. Needs dist/; works in a temporary folder.
 */
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describeEngines } from '../../dist/runtime/index.js';

import { heading, run } from './steps.js';
import { createWorkspace } from './workspace.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const packageRoot = path.resolve(here, '..', '..');
const modules = path.join(packageRoot, 'node_modules');
const TOLERANCE = 1e-4;

/**
 * Reads the test loss from the output of a training run.
 * @param {string} output - What the run printed.
 * @returns {number} The loss.
 * @throws {Error} When the run printed none.
 */
function testLoss(output) {
  const match = /test loss ([\d.]+)/.exec(output);
  if (match === null) throw new Error('The training run printed no test loss.');
  return Number(match[1]);
}

async function runDemo() {
  const workspace = createWorkspace(path.join(packageRoot, 'fixtures', 'legacy-project'), packageRoot, [
    '@tensorflow/tfjs',
    '@typescript-eslint/parser',
    '@types/node',
    'mnist',
  ]);
  const cwd = workspace.folder;
  // Lets the copy use the TensorFlow that `npm run setup` installed in the checkout.
  const virtualEnvironment = path.join(packageRoot, '.venv');
  if (existsSync(virtualEnvironment)) process.env.VIRTUAL_ENV ??= virtualEnvironment;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  cpSync(path.join(here, 'eslint.config.js'), path.join(cwd, 'eslint.config.js'));
  const node = process.execPath;
  const mirrorscope = [node, path.join(packageRoot, 'dist', 'cli', 'bin.js')];
  const eslint = [node, path.join(modules, 'eslint', 'bin', 'eslint.js')];
  const tsc = [node, path.join(modules, 'typescript', 'bin', 'tsc')];

  try {
    heading(1, 'The linter finds the uses of the old APIs');
    await run('npx eslint .', [...eslint, '.'], { cwd, exitCodes: [1] });

    heading(2, 'The codemod shows what it would change');
    await run('npx mirrorscope migrate', [...mirrorscope, 'migrate', '.'], { cwd, exitCodes: [1] });

    heading(3, 'Apply the changes; nothing is left to migrate');
    await run('npx mirrorscope migrate --write', [...mirrorscope, 'migrate', '.', '--write'], { cwd });
    await run('npx mirrorscope migrate --check', [...mirrorscope, 'migrate', '.', '--check'], { cwd });
    await run('npx eslint .', [...eslint, '.'], { cwd });

    heading(4, 'Train the migrated project on two replicas');
    const engine = describeEngines().find(({ selected }) => selected);
    if (engine === undefined) throw new Error('No engine can run here.');
    console.log(`Engine: ${engine.name}. ${engine.summary} ${engine.reason}\n`);
    await run('npx tsc', tsc, { cwd });
    const two = await run('node build/train.js 2 digits.json', [node, 'build/train.js', '2', 'digits.json'], { cwd });
    await run('node build/evaluate.cjs digits.json', [node, 'build/evaluate.cjs', 'digits.json'], { cwd });

    heading(5, 'One device reaches the same loss');
    const one = await run('node build/train.js 1', [node, 'build/train.js', '1'], { cwd });
    const difference = Math.abs(testLoss(two) - testLoss(one));
    console.log(
      `\ntest loss on two replicas ${testLoss(two)}, on one device ${testLoss(one)}: they differ by ${difference.toExponential(1)}`,
    );
    if (!(difference <= TOLERANCE)) throw new Error(`The losses differ by more than ${TOLERANCE}.`);
  } finally {
    workspace.remove();
  }
}

await runDemo();
