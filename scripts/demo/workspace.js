// A throw-away copy of a legacy project in which `mirrorscope` and its own dependencies resolve.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Copies `project` into a new temporary folder and links packages into its node_modules.
 * @param {string} project folder to copy
 * @param {string} packageRoot the mirrorscope checkout, which provides the packages
 * @param {readonly string[]} packages names of installed packages that the project imports
 */
export function createWorkspace(project, packageRoot, packages) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mirrorscope-demo-'));
  cpSync(project, folder, { recursive: true });
  link(packageRoot, path.join(folder, 'node_modules', 'mirrorscope'));
  for (const name of packages) {
    link(path.join(packageRoot, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function link(target, place) {
  mkdirSync(path.dirname(place), { recursive: true });
  symlinkSync(target, place, 'junction');
}
