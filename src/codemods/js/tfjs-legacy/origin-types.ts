/** Which table of types belongs to the package that a value comes from. Pure. */
import type { Origin } from '../origins/origin.js';

import { DATA_PACKAGE, KERAS_JS_MODULES } from '../../../catalogue/module-groups.js';
import { memberPath } from '../origins/origin.js';

import {
  DEEPLEARN_FUNCTION_RESULTS,
  DEEPLEARN_TYPE_NAMES,
  FUNCTION_RESULTS,
  KERAS_JS_TYPE_NAMES,
  TYPE_NAMES,
  type ValueType,
} from './receiver-type-table.js';

/** Matches the package and its files. */
const DEEPLEARN = /^deeplearn(?:\/dist\/|$)/;

type Results = ReadonlyMap<string, ValueType>;

/** The path of a value from tfjs as a whole: `data.csv`, `scalar`. */
export function pathOf({ module, path }: Origin): string {
  const members = memberPath(path).join('.');
  // The root of tfjs-data has the exports that tfjs has under `data`.
  return DATA_PACKAGE.includes(module) ? `data.${members}` : members;
}

export function isDeeplearn({ module }: Origin): boolean {
  return DEEPLEARN.test(module);
}

/** Whether a value comes from a package with a table of its own. */
export function isForeign(origin: Origin): boolean {
  return isDeeplearn(origin) || KERAS_JS_MODULES.includes(origin.module);
}

export function functionResults(origin: Origin): Results {
  if (isDeeplearn(origin)) return DEEPLEARN_FUNCTION_RESULTS;
  return isForeign(origin) ? new Map() : FUNCTION_RESULTS;
}

export function typeNames(origin: Origin): Results {
  if (isDeeplearn(origin)) return DEEPLEARN_TYPE_NAMES;
  return isForeign(origin) ? KERAS_JS_TYPE_NAMES : TYPE_NAMES;
}
