/**
 * A module resolution hook: tfjs-core publishes its test suite as ES modules whose relative imports have no file
 * extension, which bundlers accept and Node does not. Affects only files of @tensorflow packages.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export async function resolve(specifier, context, next) {
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
