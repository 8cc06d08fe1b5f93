/**
 * Finds the TensorFlow.js that the user's program uses. Loads it only when first asked, so that importing
 * mirrorscope stays cheap, and finds every loaded copy of its layers, so that the models of each can be reached.
 */
import type * as tfjs from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** The TensorFlow.js module: `@tensorflow/tfjs`, `-node` or `-node-gpu`. */
export type TensorFlowJs = typeof tfjs;

/** The classes of one copy of the layers API. */
export interface LayersApi {
  readonly LayersModel: { readonly prototype: object };
  readonly Sequential: { readonly prototype: object };
}

const PACKAGES = ['@tensorflow/tfjs', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'] as const;

interface ModuleBuiltin {
  createRequire(from: string | URL): NodeJS.Require;
}

function createRequireFrom(from: string | URL): NodeJS.Require | undefined {
  // Not a static import: the runtime must also load where Node's builtins are absent.
  const builtin = globalThis.process?.getBuiltinModule?.('node:module') as ModuleBuiltin | undefined;
  return builtin?.createRequire(from);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
}

function requireFrom(from: string | URL): TensorFlowJs | undefined {
  const require = createRequireFrom(from);
  for (const name of PACKAGES) {
    let path: string | undefined;
    try {
      path = require?.resolve(name);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    if (path !== undefined) return require?.(path) as TensorFlowJs;
  }
  return undefined;
}

/**
 * The TensorFlow.js whose operations the runtime calls. Copies share one engine and one set of kernels, so any copy
 * serves; the one beside mirrorscope is preferred, then the one of the working directory.
 *
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when no copy is installed.
 */
export function loadTfjs(): TensorFlowJs {
  const found = requireFrom(import.meta.url) ?? requireFrom(`${globalThis.process?.cwd() ?? ''}/`);
  if (found !== undefined) return found;
  throw new MirrorscopeError(ErrorCode.EngineUnavailable, 'TensorFlow.js is not installed beside this program.', {
    hint: 'Install it: npm install @tensorflow/tfjs',
  });
}

function isLayersApi(exported: unknown): exported is LayersApi {
  if (exported === null || typeof exported !== 'object') return false;
  const { LayersModel, Sequential } = exported as Partial<LayersApi>;
  return typeof LayersModel === 'function' && typeof Sequential === 'function';
}

/**
 * Every copy of the layers API that is loaded in this process, `given` first. In Node.js an `import` of TensorFlow.js and a
 * `require` of it give the same CommonJS module; a second installed version gives a second copy, found here too.
 */
export function loadedLayersApis(given: LayersApi): LayersApi[] {
  const found = new Map<object, LayersApi>([[given.LayersModel, given]]);
  const modules = createRequireFrom(import.meta.url)?.cache ?? {};
  for (const [path, loaded] of Object.entries(modules)) {
    if (!path.includes('tf-layers') && !path.includes('tfjs')) continue;
    const exported: unknown = loaded?.exports;
    if (isLayersApi(exported)) found.set(exported.LayersModel, exported);
  }
  return [...found.values()];
}

/** The exports of the tfjs-core that `loadTfjs` stands on: the functions that its layers call. */
export function loadTfjsCore(): TensorFlowJs {
  const require = createRequireFrom(import.meta.url) ?? createRequireFrom(`${globalThis.process?.cwd() ?? ''}/`);
  const found = Object.entries(require?.cache ?? {}).find(([path]) =>
    /tfjs-core[\\/]dist[\\/]tf-core\.node\.js$/.test(path),
  );
  if (found?.[1] !== undefined) return found[1].exports as TensorFlowJs;
  throw new MirrorscopeError(
    ErrorCode.EngineUnavailable,
    'tfjs-core was not loaded by the TensorFlow.js that is in use.',
  );
}
