/** The packages that `mirrorscope/node` replaces, and tests of specifiers. Pure. */
import { CORE_MODULES, NODE_MODULES } from '../../../catalogue/module-groups.js';

export const SWAPPED_MODULES: readonly string[] = NODE_MODULES;

/** The name of the GPU package starts with it, too. */
export const CPU_PACKAGE = '@tensorflow/tfjs-node';

/** The module that replaces them. */
export const REPLACEMENT = 'mirrorscope/node';

/** The names under which tfjs-node and mirrorscope register their backends. */
export const OLD_BACKEND = 'tensorflow';
export const NEW_BACKEND = 'mirrorscope';

export function isSwapped(specifier: string): boolean {
  return SWAPPED_MODULES.includes(specifier);
}

/** Whether a specifier names a file inside one of the packages. */
export function isInside(specifier: string): boolean {
  return SWAPPED_MODULES.some((name) => specifier.startsWith(`${name}/`));
}

/** Whether a module exports the functions for backends. All copies of TensorFlow.js share one list of backends. */
export function isTfjs(specifier: string): boolean {
  return CORE_MODULES.includes(specifier);
}
