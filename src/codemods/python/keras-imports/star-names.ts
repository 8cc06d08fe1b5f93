/**
 * Finds the names that a file gets from `from keras… import *` and that TensorFlow's Keras does not have: layers of a
 * fork, or of Keras 1. Without a word, they would no longer be defined. Pure.
 */
import type { PythonModule } from '../analysis/module.js';
import type { PyNode } from '../syntax/node.js';

import { BUILTINS } from '../analysis/builtins-table.js';
import { moduleOf } from '../analysis/imports.js';

import { KERAS_SUBMODULES } from './module-table.js';
import { isStandalone, movedMember, movedModule } from './moved-path.js';

/** Its calls decide whether its import moves. */
const NAME = 'multi_gpu_model';

/** What has to be imported by name beside a star import that moves. */
export interface StarNames {
  /** Names that TensorFlow's Keras lacks. */
  readonly lost: readonly string[];
  /** Names that it has in another module, or under another name. */
  readonly elsewhere: readonly { readonly module: string; readonly name: string; readonly local: string }[];
}

/**
 * The names, by the star import that has to have bound them. Nothing is known where another star import may bind names.
 *
 * @param module - The file.
 * @param isBoundByOther - Whether the star import of another module binds a name; undefined when nobody knows.
 */
export function namesBehindStars(
  module: PythonModule,
  isBoundByOther: (statement: PyNode, name: string) => boolean | undefined,
): ReadonlyMap<PyNode, StarNames> {
  const stars = module.scopes.starImports;
  const keras = stars.filter((statement) => isStandalone(moduleOf(module.source, statement)));
  const others = stars.filter((statement) => !keras.includes(statement));
  const [holder] = [...keras].sort((a, b) => Number(isOfLayers(module, b)) - Number(isOfLayers(module, a)));
  if (holder === undefined) return new Map();
  const lost: string[] = [];
  const elsewhere: StarNames['elsewhere'][number][] = [];
  for (const local of [...module.scopes.unresolved.keys()].sort()) {
    if (BUILTINS.has(local) || local === NAME) continue;
    const moved = keras.flatMap((statement) => {
      const found = movedMember(below(module, statement), local);
      const isSame = found?.name === local && found.module === movedModule(moduleOf(module.source, statement));
      // `merge([a, b])` is the function of Keras 1, not the module of that name.
      const isOldFunction = KERAS_SUBMODULES.has(`${below(module, statement)}.${local}`) && isCalled(module, local);
      return found === undefined || isOldFunction ? [] : [{ ...found, local, isSame }];
    });
    if (moved.some(({ isSame }) => isSame) || others.some((each) => isBoundByOther(each, local) !== false)) continue;
    const [first] = moved;
    if (first === undefined) lost.push(local);
    else elsewhere.push(first);
  }
  return lost.length + elsewhere.length === 0 ? new Map() : new Map([[holder, { lost, elsewhere }]]);
}

function isCalled({ scopes }: PythonModule, name: string): boolean {
  return (
    scopes.unresolved.get(name)?.some(({ field, parent }) => field === 'function' && parent?.type === 'call') === true
  );
}

/** The path of the module below `keras`. */
function below({ source }: PythonModule, statement: PyNode): string {
  return moduleOf(source, statement).replace(/^keras\.?/, '');
}

function isOfLayers(module: PythonModule, statement: PyNode): boolean {
  return below(module, statement).startsWith('layers');
}
