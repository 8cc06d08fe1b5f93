/** Finds the modules and names of standalone Keras in TensorFlow's Keras. Pure. */
import {
  KERAS_MEMBERS_WITHOUT_COUNTERPART,
  KERAS_MODULES,
  KERAS_MODULES_WITH_SUBMODULES,
  KERAS_NAMES,
  KERAS_RENAMED,
  KERAS_SUBMODULES,
  KERAS_WITHOUT_COUNTERPART,
} from './module-table.js';
import { TENSORFLOW_KERAS_MEMBERS } from './tensorflow-members-table.js';

const TARGET = 'tensorflow.keras';

/** Whether an import path is inside standalone Keras. */
export function isStandalone(module: string): boolean {
  return module === 'keras' || module.startsWith('keras.');
}

/** The module of TensorFlow's Keras for a module of standalone Keras; undefined when there is none. */
export function movedModule(module: string): string | undefined {
  const below = module === 'keras' ? '' : module.slice('keras.'.length);
  if (below === '') return TARGET;
  if (KERAS_WITHOUT_COUNTERPART.some((missing) => isWithin(below, missing))) return undefined;
  const entry = longestEntry(below);
  if (entry === undefined) return undefined;
  const rest = below.slice(entry[0].length);
  const moved = `${entry[1]}${rest}`;
  if (rest !== '' && !KERAS_MODULES_WITH_SUBMODULES.some((kept) => isWithin(below, kept))) return undefined;
  return rest === '' || TENSORFLOW_KERAS_MEMBERS.has(moved) ? `${TARGET}.${moved}` : undefined;
}

/** The module and name that replace `from keras.<below> import member`; undefined when there are none. */
export function movedMember(below: string, member: string): { module: string; name: string } | undefined {
  const path = below === '' ? member : `${below}.${member}`;
  if (KERAS_WITHOUT_COUNTERPART.includes(path)) return undefined;
  const own = KERAS_NAMES.get(path);
  if (own !== undefined) return { module: `${TARGET}.${own}`, name: member };
  const submodule = KERAS_SUBMODULES.get(path);
  if (submodule !== undefined)
    return { module: submodule[0] === '' ? TARGET : `${TARGET}.${submodule[0]}`, name: submodule[1] };
  if (below === '' && KERAS_MODULES.some(([old, moved]) => old === member && moved !== member)) {
    const moved = movedModule(`keras.${member}`) ?? '';
    return { module: TARGET, name: moved.slice(moved.lastIndexOf('.') + 1) };
  }
  const module = movedModule(below === '' ? 'keras' : `keras.${below}`);
  const renamed = KERAS_RENAMED.get(path);
  if (module === undefined || isMissing(module, renamed ?? member)) return undefined;
  return { module, name: renamed ?? member };
}

/**
 * The path below `tensorflow.keras` for a path below `keras` such as `engine.topology.Layer`; undefined when there is
 * none.
 */
export function movedPath(below: string): string | undefined {
  if (KERAS_WITHOUT_COUNTERPART.some((missing) => isWithin(below, missing))) return undefined;
  const named = [...KERAS_NAMES].find(([path]) => isWithin(below, path));
  if (named !== undefined)
    return `${named[1]}.${named[0].slice(named[0].lastIndexOf('.') + 1)}${below.slice(named[0].length)}`;
  const renamed = KERAS_RENAMED.get(below);
  if (renamed !== undefined) return `${below.slice(0, below.lastIndexOf('.'))}.${renamed}`;
  const entry = longestEntry(below);
  if (entry === undefined) return below;
  const rest = below.slice(entry[0].length);
  let module = `${TARGET}.${entry[1]}`;
  for (const member of rest.slice(1).split('.')) {
    if (member !== '' && isMissing(module, member)) return undefined;
    module = `${module}.${member}`;
  }
  return `${entry[1]}${rest}`;
}

/**
 * Whether TensorFlow's Keras lacks a name. Names that begin with an underscore are private, and differ between both.
 */
function isMissing(module: string, member: string): boolean {
  const below = module.slice(TARGET.length + 1);
  const path = below === '' ? member : `${below}.${member}`;
  if (/^_(?!_)/.test(member) || KERAS_MEMBERS_WITHOUT_COUNTERPART.has(path)) return true;
  // Whether this function moves or stays is up to the migration of its calls.
  if (member === 'multi_gpu_model') return false;
  const members = TENSORFLOW_KERAS_MEMBERS.get(below) ?? membersOfApplication(below);
  return members !== undefined && !members.has(member) && !member.startsWith('__');
}

/** The members of a module such as `applications.mobilenet`: two functions, and the models of `applications` itself. */
function membersOfApplication(below: string): ReadonlySet<string> | undefined {
  if (!/^applications\.\w+$/.test(below)) return undefined;
  return new Set(['preprocess_input', 'decode_predictions', ...(TENSORFLOW_KERAS_MEMBERS.get('applications') ?? [])]);
}

function longestEntry(below: string): readonly [string, string] | undefined {
  let best: readonly [string, string] | undefined;
  for (const entry of KERAS_MODULES)
    if (isWithin(below, entry[0]) && (best === undefined || entry[0].length > best[0].length)) best = entry;
  return best;
}

function isWithin(path: string, module: string): boolean {
  return path === module || path.startsWith(`${module}.`);
}
