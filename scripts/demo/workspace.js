/**
 * Makes a temporary copy of a legacy project in which `mirrorscope` and its dependencies resolve. Writes one folder.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Copies a project into a new temporary folder and links packages into its node_modules.
 * @param {string} project - Folder to copy.
 * @param {string} packageRoot - The mirrorscope checkout, whose packages are linked.
 * @param {readonly string[]} packages - Names of the installed packages that the project imports.
 * @returns {{ folder: string, remove: () => void }} The copy, and a function that deletes it.
 */
export function createWorkspace(project, packageRoot, packages) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mirrorscope-demo-'));
  cpSync(project, folder, { recursive: true });
  link(packageRoot, path.join(folder, 'node_modules', 'mirrorscope'));
  for (const name of packages) {
    link(path.join(packageRoot, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Links a folder, in a folder that may not exist yet.
 * @param {string} target - Folder to link to.
 * @param {string} file - Path of the link.
 */
function link(target, file) {
  mkdirSync(path.dirname(file), { recursive: true });
  symlinkSync(target, file, 'junction');
}
