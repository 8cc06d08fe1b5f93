/**
 * Folders whose files are not the user's own: installed packages, virtual environments and build results. The walk
 * enters them only if they are named. Data only.
 */

/** Names of folders that no package and no repository uses for its own sources. */
export const FOREIGN_FOLDERS: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  // JavaScript.
  'node_modules',
  'bower_components',
  'jspm_packages',
  '.yarn',
  '.pnpm-store',
  '.next',
  '.nuxt',
  '.svelte-kit',
  // Python.
  'site-packages',
  'dist-packages',
  '__pycache__',
  '__pypackages__',
  '.eggs',
  '.ipynb_checkpoints',
  '.nox',
  '.tox',
]);

/** A folder that contains one of these is an environment: of `venv`, `virtualenv` or uv, or of conda. */
export const ENVIRONMENT_MARKERS: readonly string[] = ['pyvenv.cfg', 'conda-meta'];

/** `python setup.py build` copies the sources to `build/lib`, or to `build/lib.` and a platform. */
export function isPythonBuildFolder(parentName: string, name: string): boolean {
  return parentName === 'build' && (name === 'lib' || name.startsWith('lib.'));
}
