/**
 * A hook for Node's module loader. tfjs-core publishes its test suite as ES modules whose relative imports have no file
 * extension: bundlers accept that, Node does not. Changes only imports of and from @tensorflow packages.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** @import { LoadHook, ResolveHook } from 'node:module' */

/** The suite imports the names of this CommonJS package, but Node finds them only in its default export. */
const SEEDRANDOM = 'mirrorscope:seedrandom';

/**
 * Supplies a module that re-exports seedrandom by name.
 * @param {string} url - Module to load.
 * @param {Parameters<LoadHook>[1]} context - What Node knows about it.
 * @param {Parameters<LoadHook>[2]} next - Node's own loading.
 */
export async function load(url, context, next) {
  if (url !== SEEDRANDOM) return next(url, context);
  const file = createRequire(import.meta.url).resolve('seedrandom');
  const source = `import { createRequire } from 'node:module';
    const seedrandom = createRequire(${JSON.stringify(file)})(${JSON.stringify(file)});
    export default seedrandom;
    export const alea = seedrandom.alea;`;
  return { format: 'module', source, shortCircuit: true };
}

/**
 * Adds the missing file extensions.
 * @param {string} specifier - What a module imports.
 * @param {Parameters<ResolveHook>[1]} context - Which module imports it.
 * @param {Parameters<ResolveHook>[2]} next - Node's own resolution.
 */
export async function resolve(specifier, context, next) {
  const isFromTensorFlow = context.parentURL?.includes('/@tensorflow/') === true;
  if (isFromTensorFlow && specifier === 'seedrandom') return { url: SEEDRANDOM, format: 'module', shortCircuit: true };
  if (isFromTensorFlow && /^\.\.?(\/|$)/.test(specifier)) {
    const url = new URL(specifier, context.parentURL).href.replace(/\/$/, '');
    for (const candidate of [url, `${url}.js`, `${url}/index.js`].filter((name) => name.endsWith('.js'))) {
      if (existsSync(fileURLToPath(candidate))) return { url: candidate, format: 'module', shortCircuit: true };
    }
  }
  // Some tests import a file of the package by its full name.
  if (specifier.startsWith('@tensorflow/tfjs-core/dist/')) {
    const resolved = await next(specifier.endsWith('.js') ? specifier : `${specifier}.js`, context);
    return { ...resolved, format: 'module' };
  }
  return next(specifier, context);
}
