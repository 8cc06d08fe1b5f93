/**
 * Finds the TensorFlow.js that the user's program uses, and loads it when first asked, so that importing mirrorscope
 * stays cheap. Loads packages. Relies on tfjs 4.22: `@tensorflow/tfjs*` are CommonJS packages, and tfjs-core's main
 * file is dist/tf-core.node.js.
 */
import type * as tfjs from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { nodeRequire, workingDirectory } from './node-require.js';

/** The TensorFlow.js module: `@tensorflow/tfjs`, `-node` or `-node-gpu`. */
export type TensorFlowJs = typeof tfjs;

const PACKAGES = ['@tensorflow/tfjs', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'] as const;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
}

function requireFrom(from: string): TensorFlowJs | undefined {
  const require = nodeRequire(from);
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
 * Loads the TensorFlow.js whose operations the runtime calls. Copies share one engine and one set of kernels, so any
 * copy serves: first the one beside mirrorscope, then the one of the working directory.
 *
 * @returns Its exports.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when no copy is installed.
 */
export function loadTfjs(): TensorFlowJs {
  const found = requireFrom(import.meta.url) ?? requireFrom(workingDirectory());
  if (found !== undefined) return found;
  throw new MirrorscopeError(ErrorCode.EngineUnavailable, 'TensorFlow.js is not installed beside this program.', {
    hint: 'Install it: npm install @tensorflow/tfjs',
  });
}

/**
 * Finds the tfjs-core that {@link loadTfjs} loaded: its exports are the functions that TensorFlow.js's layers call.
 *
 * @returns The exports of tfjs-core. They may be replaced.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when the TensorFlow.js in use did not load tfjs-core as CommonJS.
 */
export function loadTfjsCore(): TensorFlowJs {
  const require = nodeRequire(import.meta.url) ?? nodeRequire(workingDirectory());
  const found = Object.entries(require?.cache ?? {}).find(([path]) =>
    /tfjs-core[\\/]dist[\\/]tf-core\.node\.js$/.test(path),
  );
  if (found?.[1] !== undefined) return found[1].exports as TensorFlowJs;
  throw new MirrorscopeError(
    ErrorCode.EngineUnavailable,
    'The TensorFlow.js in use did not load tfjs-core from its own package.',
    { hint: 'Install @tensorflow/tfjs from npm instead of a bundle, or choose the logical engine.' },
  );
}
