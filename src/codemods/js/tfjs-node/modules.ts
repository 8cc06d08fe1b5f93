/** The modules that are swapped, and what may be said of a specifier. Data and pure questions. */
import { CORE_MODULES, NODE_MODULES } from '../../../catalogue/module-groups.js';

export const SWAPPED_MODULES: readonly string[] = NODE_MODULES;

/** What is imported in their place. */
export const REPLACEMENT = 'mirrorscope/node';

/** The name under which tfjs-node registers its backend, and ours. */
export const OLD_BACKEND = 'tensorflow';
export const NEW_BACKEND = 'mirrorscope';

export function isSwapped(specifier: string): boolean {
  return SWAPPED_MODULES.includes(specifier);
}

/** A file inside one of the packages. */
export function isInside(specifier: string): boolean {
  return SWAPPED_MODULES.some((name) => specifier.startsWith(`${name}/`));
}

/** Modules through which the functions about backends are reached; all copies share one list of backends. */
export function isTfjs(specifier: string): boolean {
  return CORE_MODULES.includes(specifier);
}
