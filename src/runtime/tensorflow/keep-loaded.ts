/** Keeps libraries in memory until the process ends. Calls koffi. */
import type { Koffi } from './load-koffi.js';

/**
 * Flags of dlopen: resolve now, never unload. The threads of TensorFlow and of XLA outlive every JavaScript object.
 * Without this, koffi closes the library when the environment ends, and unmaps the code that those threads run.
 */
const RTLD_NOW_NODELETE = process.platform === 'darwin' ? 0x82 : 0x1002;

/**
 * Keeps libraries that koffi has opened.
 *
 * @param koffi - Has opened them.
 * @param paths - Their files.
 * @returns What dlopen returned.
 */
export function keepLoaded(koffi: Koffi, paths: readonly string[]): number[] {
  if (process.platform === 'win32') return [];
  const dlopen = koffi.load(null).func('dlopen', 'uintptr_t', ['const char*', 'int']);
  return paths.map((path) => Number(dlopen(path, RTLD_NOW_NODELETE)));
}
