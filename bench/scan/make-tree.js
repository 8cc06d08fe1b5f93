/** Makes a tree of real source files from installed packages, and adds files with legacy uses. Writes one folder. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const EXTENSIONS = new Set(['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx']);
/** Larger files are bundles, which no source tree holds. */
const MAX_BYTES = 500_000;

/**
 * Writes a file that the migrations change.
 * @param {number} index - Makes the file differ from the others.
 * @returns {string} Its text.
 */
const legacySource = (index) => `import * as tf from '@tensorflow/tfjs';
import { multiGpuModel } from 'keras-js';

export async function train${index}(x, y) {
  const template = tf.sequential();
  template.add(tf.layers.dense({ units: ${index + 1}, inputShape: [784] }));
  const model = multiGpuModel(template, 2);
  model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
  await model.fit(x, y);
  return tf.loadModel('file://model.json');
}
`;

/**
 * Lists the files below a folder, in the same order every time. Skips hidden folders: they hold caches and build
 * outputs.
 * @param {string} folder - Folder to list.
 * @returns {Generator<string, void>} Paths.
 */
function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else if (entry.isFile()) yield file;
  }
}

/**
 * @typedef {object} TreeOptions
 * @property {string} packages - Folder of installed packages to copy from.
 * @property {string} target - Folder to fill.
 * @property {number} count - How many files to copy at most.
 * @property {number} legacyFiles - How many files with legacy uses to add.
 * @property {(bytes: Buffer) => boolean} isLegacy - Tells which files to leave out: the legacy libraries themselves.
 */

/**
 * Fills a folder with source files.
 * @param {TreeOptions} options - What to copy and what to add.
 * @returns {{ files: number, bytes: number }} How many files there are, and the size of the copied ones.
 */
export function makeTree({ packages, target, count, legacyFiles, isLegacy }) {
  let files = 0;
  let bytes = 0;
  for (const file of filesBelow(packages)) {
    if (files === count) break;
    if (!EXTENSIONS.has(path.extname(file))) continue;
    const { size } = statSync(file);
    if (size > MAX_BYTES || isLegacy(readFileSync(file))) continue;
    const copy = path.join(target, path.relative(packages, file).replaceAll('node_modules', 'modules'));
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(file, copy);
    files++;
    bytes += size;
  }
  for (let index = 0; index < legacyFiles; index++) {
    const file = path.join(target, 'app', `part-${index % 5}`, `train-${index}.js`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, legacySource(index));
  }
  return { files: files + legacyFiles, bytes };
}
