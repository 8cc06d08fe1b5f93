/** Collects the files that the fuzzer starts from. Reads files. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} SeedFile A file to start from.
 * @property {string} path - Where it is.
 * @property {string} name - Its name, without folder.
 * @property {number} rank - A number that follows from its path below the folder, wherever that is.
 * @property {string} text - Its text.
 */

const SOURCE = /\.(?:py|ipynb|[cm]?[jt]sx?)$/;
const SKIPPED = /(?:^|[\\/])(?:node_modules|\.git|saved-model|goldens)[\\/]/;
const MAX_BYTES = 60_000;

/**
 * Reads all source files below folders.
 * @param {readonly string[]} folders - Where to look.
 * @returns {SeedFile[]} The files, ordered by path.
 */
export function seedFiles(folders) {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => SOURCE.test(file) && !SKIPPED.test(file))
      .sort()
      .map((file) => ({ path: path.join(folder, file), rank: rankOf(file) }))
      .filter((file) => {
        const stats = statSync(file.path);
        return stats.isFile() && stats.size <= MAX_BYTES;
      })
      .map((file) => ({ ...file, name: path.basename(file.path), text: readFileSync(file.path, 'utf8') })),
  );
}

/** @param {string} file */
function rankOf(file) {
  let rank = 0;
  for (const character of file.split(path.sep).join('/'))
    rank = Math.imul(rank ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return rank;
}
