/** Lists the files below a folder. Reads folders. */
import { readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Lists the files below a folder whose names match.
 * @param {string} folder - Folder to list.
 * @param {RegExp} pattern - What a file's name must match.
 * @returns {Generator<string, void>} Paths.
 */
export function* filesBelow(folder, pattern) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file, pattern);
    else if (entry.isFile() && pattern.test(entry.name)) yield file;
  }
}
