/**
 * A module resolution hook: tfjs-core publishes its test suite as ES modules whose relative imports have no file
 * extension, which bundlers accept and Node does not. Affects only files of @tensorflow packages.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A CommonJS package that the suite imports as a namespace: Node only finds the names in its default export. */
const SEEDRANDOM = 'mirrorscope:seedrandom';

export async function load(url, context, next) {
  if (url !== SEEDRANDOM) return next(url, context);
  const file = createRequire(import.meta.url).resolve('seedrandom');
  const source = `import { createRequire } from 'node:module';
    const seedrandom = createRequire(${JSON.stringify(file)})(${JSON.stringify(file)});
    export default seedrandom;
    export const alea = seedrandom.alea;`;
  return { format: 'module', source, shortCircuit: true };
}

export async function resolve(specifier, context, next) {
  if (specifier === 'seedrandom' && context.parentURL?.includes('/@tensorflow/'))
    return { url: SEEDRANDOM, format: 'module', shortCircuit: true };
  const relative = /^\.\.?(\/|$)/.test(specifier);
  if (relative && context.parentURL?.includes('/@tensorflow/')) {
    const url = new URL(specifier, context.parentURL).href.replace(/\/$/, '');
    for (const candidate of [url, `${url}.js`, `${url}/index.js`].filter((name) => name.endsWith('.js'))) {
      if (existsSync(fileURLToPath(candidate))) return { url: candidate, format: 'module', shortCircuit: true };
    }
  }
  // A test that asks for a file of the package by its full name.
  if (specifier.startsWith('@tensorflow/tfjs-core/dist/')) {
    const resolved = await next(specifier.endsWith('.js') ? specifier : `${specifier}.js`, context);
    return { ...resolved, format: 'module' };
  }
  return next(specifier, context);
}
