/**
 * Installs Keras on JAX into `.venv-keras-jax` beside package.json, for `npm run bench -- train`. Only that benchmark
 * needs it. Does nothing when it is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const environment = fileURLToPath(new URL('../.venv-keras-jax', import.meta.url));
const python = join(environment, 'bin', 'python');
const PACKAGES = ['jax==0.10.2', 'keras==3.15.1'];
/** Written last, so that an interrupted installation is repeated. */
const installed = join(environment, 'installed-packages.txt');

/**
 * Runs a command, and ends the script when it fails.
 * @param {string} program - Executable to run.
 * @param {readonly string[]} parameters - Its arguments.
 */
function run(program, parameters) {
  const { status, error } = spawnSync(program, parameters, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? `exit code ${status}`}`);
}

const wanted = `${PACKAGES.join('\n')}\n`;
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== wanted) {
  console.log(`Installing ${PACKAGES.join(' and ')} into .venv-keras-jax.`);
  run('python3', ['-m', 'venv', environment]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:', ...PACKAGES]);
  writeFileSync(installed, wanted);
}
console.log('Keras on JAX is in .venv-keras-jax.');
