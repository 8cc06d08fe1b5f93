/**
 * Installs a PJRT plugin for CPUs, pinned by its hash, into the `.venv` that setup-tensorflow.js made. Only tests of
 * XLA need it, no user does. Does nothing when it is there. With --if-possible, a failure is reported but the exit code
 * is 0.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { 'if-possible': { type: 'boolean', default: false } } });
const environment = fileURLToPath(new URL('../.venv', import.meta.url));
const requirements = fileURLToPath(new URL('pjrt-plugin-requirements.txt', import.meta.url));
/** The only wheel of this package is for Linux on x86-64. */
const isSupported = process.platform === 'linux' && process.arch === 'x64';

/**
 * Tells whether the plugin is among the installed packages.
 * @returns {boolean} Whether its library is there.
 */
function hasPlugin() {
  const library = join(environment, 'lib');
  const versions = existsSync(library) ? readdirSync(library) : [];
  return versions.some((version) =>
    existsSync(join(library, version, 'site-packages', 'lammps_jax_pjrt_cpu', 'pjrt_c_api_cpu_plugin.so')),
  );
}

/**
 * Installs the plugin without its dependencies, refusing a file of another hash.
 * @returns {string | undefined} Why it failed, or undefined when it succeeded.
 */
function installPlugin() {
  if (!isSupported) return `there is no plugin for ${process.platform} on ${process.arch}`;
  const python = join(environment, 'bin', 'python');
  if (!existsSync(python)) return 'there is no .venv; scripts/setup-tensorflow.js makes it';
  console.log('Installing a PJRT plugin for CPUs into .venv (63 MB).');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
  const { status, error, stderr } = spawnSync(python, [...pip, '--only-binary=:all:', '-r', requirements], {
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  if (status !== 0) return error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit code ${status}`;
  return hasPlugin() ? undefined : 'the package was installed, but its library is not where it was';
}

const problem = hasPlugin() ? undefined : installPlugin();
if (problem === undefined) {
  console.log('A PJRT plugin for CPUs is in .venv.');
} else {
  console.log(`No PJRT plugin in .venv: ${problem}.`);
  if (options['if-possible']) console.log('The tests of XLA will be skipped.');
  else process.exitCode = 1;
}
