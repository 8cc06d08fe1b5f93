/** Makes a tree of real source files out of installed packages, with and without legacy uses in it. Writes one folder. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const EXTENSIONS = new Set(['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx']);
/** Bundles are not what a source tree is made of. */
const LARGEST = 500_000;

const LEGACY = (index) => `import * as tf from '@tensorflow/tfjs';
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

/** Files below a folder, in a fixed order. */
function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    // Caches and hidden build outputs are nobody's source.
    if (entry.name.startsWith('.')) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else if (entry.isFile()) yield file;
  }
}

/**
 * Copies up to `count` files from `packages` to `target`, leaving out those for which `isLegacy` holds (the libraries
 * themselves), and adds `legacyFiles` files that use them.
 */
export function makeTree({ packages, target, count, legacyFiles, isLegacy }) {
  let files = 0;
  let bytes = 0;
  for (const file of filesBelow(packages)) {
    if (files === count) break;
    if (!EXTENSIONS.has(path.extname(file))) continue;
    const { size } = statSync(file);
    if (size > LARGEST || isLegacy(readFileSync(file))) continue;
    const copy = path.join(target, path.relative(packages, file).replaceAll('node_modules', 'modules'));
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(file, copy);
    files++;
    bytes += size;
  }
  for (let index = 0; index < legacyFiles; index++) {
    const file = path.join(target, 'app', `part-${index % 5}`, `train-${index}.js`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, LEGACY(index));
  }
  return { files: files + legacyFiles, bytes };
}
