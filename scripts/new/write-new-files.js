/** Writes a skeleton into the repository, formatted. Writes files. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import * as prettier from 'prettier';

/** @import { Skeleton } from './template.js' */

/**
 * Writes nothing when one of the new files already exists.
 * @param {URL} root - The root of the repository.
 * @param {Skeleton} skeleton - What to write.
 * @returns {Promise<string[]>} One line for each file.
 */
export async function writeNewFiles(root, { created, changed }) {
  const taken = [...created.keys()].filter((path) => existsSync(new URL(path, root)));
  if (taken.length > 0) throw new Error(`${taken.join(', ')} already exists. Remove it first, or choose another name.`);
  for (const [path, content] of [...created, ...changed]) {
    const url = new URL(path, root);
    const file = fileURLToPath(url);
    const isFormatted = (await prettier.getFileInfo(file)).inferredParser !== null;
    const options = { ...(await prettier.resolveConfig(file)), filepath: file };
    mkdirSync(new URL('./', url), { recursive: true });
    writeFileSync(url, isFormatted ? await prettier.format(content, options) : content);
  }
  return [
    ...[...created.keys()].map((path) => `created ${path}`),
    ...[...changed.keys()].map((path) => `changed ${path}`),
  ];
}
