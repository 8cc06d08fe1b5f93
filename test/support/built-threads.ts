/**
 * Threads start outside of Vitest, where nothing turns TypeScript into JavaScript: their modules are the built ones.
 * Needs dist/.
 */
import type { Plugin } from 'vite';

const SOURCES = new URL('../../src/', import.meta.url);
const BUILT = new URL('../../dist/', import.meta.url);

/** Makes `new URL('./….js', import.meta.url)` in a source file name the file that the build makes of it. */
export function builtThreads(): Plugin {
  return {
    name: 'built-threads',
    enforce: 'pre',
    transform(code, path) {
      if (!path.startsWith(SOURCES.pathname) || !code.includes("-thread.js', import.meta.url)")) return undefined;
      const base = new URL(path.slice(SOURCES.pathname.length), BUILT);
      return code.replace(
        /new URL\('(\.\/[\w-]+-thread\.js)', import\.meta\.url\)/,
        (_, file: string) => `new URL(${JSON.stringify(new URL(file, base).href)})`,
      );
    },
  };
}
