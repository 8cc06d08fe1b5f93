/**
 * `npm run setup`: makes `.venv` beside package.json with a pinned TensorFlow, where the runtime looks for it.
 * With --if-possible (the test command's way) it says why it cannot and succeeds. Does nothing when it is there.
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
/** Wheels for processors without CUDA are smaller; macOS has one kind only. */
const requirement = `${process.platform === 'linux' ? 'tensorflow-cpu' : 'tensorflow'}==2.21.0`;

/** Keras 2 as it goes on; on its own, because it asks for the larger `tensorflow` beside `tensorflow-cpu`. */
const keras2 = 'tf_keras==2.21.0';

function hasTfKeras() {
  const library = join(environment, 'lib');
  return (
    existsSync(library) &&
    readdirSync(library).some((name) => existsSync(join(library, name, 'site-packages', 'tf_keras')))
  );
}

function hasTensorFlow() {
  const library = join(environment, 'lib');
  if (!existsSync(library)) return false;
  return readdirSync(library).some((name) => {
    const directory = join(library, name, 'site-packages', 'tensorflow');
    return existsSync(directory) && readdirSync(directory).some((file) => file.startsWith('libtensorflow_cc.'));
  });
}

function run(command, args) {
  const { status, error, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit code ${status}`);
}

function setUp() {
  console.log(`Making .venv with ${requirement}; this takes a minute.`);
  if (!existsSync(python)) {
    const problem = run('python3', ['-m', 'venv', environment]);
    if (problem) return `python3 -m venv failed: ${problem}`;
  }
  const problem = run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement]);
  if (problem) return `pip could not install ${requirement}: ${problem}`;
  return hasTensorFlow() ? undefined : `${requirement} was installed, but has no libtensorflow_cc`;
}

if (hasTensorFlow()) {
  console.log('TensorFlow is in .venv.');
} else {
  const problem = setUp();
  if (problem) {
    console.log(`No TensorFlow in .venv: ${problem}.`);
    if (options['if-possible']) console.log('The tests of the TensorFlow engine will be skipped.');
    else process.exitCode = 1;
  } else {
    console.log(`.venv has ${requirement}.`);
  }
}

if (hasTensorFlow() && !hasTfKeras()) {
  const problem = run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', keras2]);
  console.log(
    problem ? `No ${keras2} in .venv: ${problem}. The tests with Keras 2 will be skipped.` : `.venv has ${keras2}.`,
  );
}
