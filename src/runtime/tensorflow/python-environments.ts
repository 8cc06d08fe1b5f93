/** Where Python environments keep their packages. Reads folders. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';

/**
 * Lists the folders of packages of a virtual environment.
 *
 * @param environment - The folder of the environment.
 * @returns One folder for each version of Python in it.
 */
export function sitePackagesOf(environment: string): string[] {
  const library = join(environment, 'lib');
  if (!existsSync(library)) return [];
  return readdirSync(library)
    .filter((name) => /^python3\.\d+$/.test(name))
    .map((name) => join(library, name, 'site-packages'));
}

/**
 * Lists the folders with a package.json, from a folder up to the root.
 *
 * @param from - The folder to start at.
 * @returns The folders, the nearest first.
 */
export function packageDirectoriesUpward(from: string): string[] {
  const directories: string[] = [];
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) directories.push(directory);
    if (directory === parse(directory).root) return directories;
  }
}
