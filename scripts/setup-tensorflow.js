/**
 * `npm run setup`: installs a pinned TensorFlow into `.venv` beside package.json, where the runtime looks for it. Does
 * nothing when it is there. With --if-possible, as in `npm test`, a failure is reported but the exit code is 0.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { 'if-possible': { type: 'boolean', default: false } } });
const root = fileURLToPath(new URL('..', import.meta.url));
const environment = join(root, '.venv');
const python = join(environment, 'bin', 'python');
/** On Linux, the package without CUDA is smaller; on macOS there is only one. */
const TENSORFLOW = `${process.platform === 'linux' ? 'tensorflow-cpu' : 'tensorflow'}==2.21.0`;
/** Keras 2. Installed without its dependencies, which would add the larger `tensorflow` beside `tensorflow-cpu`. */
const KERAS_2 = 'tf_keras==2.21.0';
const PIP_INSTALL = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];

/**
 * Locates an installed package.
 * @param {string} name - Name of its folder.
 * @returns {string | undefined} The folder, or undefined when it is not installed.
 */
function findPackage(name) {
  const library = join(environment, 'lib');
  const versions = existsSync(library) ? readdirSync(library) : [];
  return versions.map((version) => join(library, version, 'site-packages', name)).find((folder) => existsSync(folder));
}

function hasTensorFlow() {
  const folder = findPackage('tensorflow');
  return folder !== undefined && readdirSync(folder).some((file) => file.startsWith('libtensorflow_cc.'));
}

/**
 * Runs a command.
 * @param {string} program - Executable to run.
 * @param {readonly string[]} parameters - Its arguments.
 * @returns {string | undefined} Why it failed, or undefined when it succeeded.
 */
function run(program, parameters) {
  const { status, error, stderr } = spawnSync(program, parameters, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit code ${status}`;
}

/**
 * Makes the environment and installs TensorFlow.
 * @returns {string | undefined} Why it failed, or undefined when it succeeded.
 */
function installTensorFlow() {
  console.log(`Installing ${TENSORFLOW} into .venv; this takes a minute.`);
  if (!existsSync(python)) {
    const problem = run('python3', ['-m', 'venv', environment]);
    if (problem !== undefined) return `python3 -m venv failed: ${problem}`;
  }
  const problem = run(python, [...PIP_INSTALL, TENSORFLOW]);
  if (problem !== undefined) return `pip could not install ${TENSORFLOW}: ${problem}`;
  return hasTensorFlow() ? undefined : `${TENSORFLOW} was installed, but has no libtensorflow_cc`;
}

if (hasTensorFlow()) {
  console.log('TensorFlow is in .venv.');
} else {
  const problem = installTensorFlow();
  if (problem === undefined) {
    console.log(`.venv has ${TENSORFLOW}.`);
  } else {
    console.log(`No TensorFlow in .venv: ${problem}.`);
    if (options['if-possible']) console.log('The tests of the TensorFlow engine will be skipped.');
    else process.exitCode = 1;
  }
}

if (hasTensorFlow() && findPackage('tf_keras') === undefined) {
  const problem = run(python, [...PIP_INSTALL, '--no-deps', KERAS_2]);
  console.log(
    problem === undefined
      ? `.venv has ${KERAS_2}.`
      : `No ${KERAS_2} in .venv: ${problem}. The tests with Keras 2 will be skipped.`,
  );
}
