/** Describes the TensorFlow of this machine for `mirrorscope doctor`. Loads the library and starts TensorFlow. */
import type { LocateAttempt } from './locate.js';

import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { countGpus } from './gpu-count.js';
import { UNUSABLE_LIBRARY_HINT } from './library-hints.js';
import { RuntimeSession } from './runtime-session.js';

/** The TensorFlow of this machine. */
export interface TensorFlowDescription {
  /** Where it was looked for, in order. */
  readonly attempts: readonly LocateAttempt[];
  /** Whether TensorFlow can be used. */
  readonly available: boolean;
  /** The library's files, in load order. */
  readonly files: readonly string[];
  /** The version of the library; undefined when unknown. */
  readonly version: string | undefined;
  /** Device names, such as `CPU:0`. */
  readonly devices: readonly string[];
  /** Why TensorFlow cannot be used; undefined when it can. */
  readonly problem: string | undefined;
  /** What to do next, one sentence per entry. */
  readonly advice: readonly string[];
}

const OLDEST_SUPPORTED = [2, 12] as const;

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_SUPPORTED[0] || (major === OLDEST_SUPPORTED[0] && minor < OLDEST_SUPPORTED[1]);
}

/**
 * Searches for TensorFlow, loads it and lists its devices. Never throws.
 *
 * @param session - The session to start; a separate one by default.
 * @returns The library and its devices, and advice.
 */
export function describeTensorFlow(session: RuntimeSession = new RuntimeSession()): TensorFlowDescription {
  const { attempts, files } = session.located;
  const base = { attempts, files: files?.paths ?? [] };
  try {
    const { version, devices } = session.context;
    const advice: string[] = [];
    if (isTooOld(version))
      advice.push(
        `TensorFlow ${version} is older than ${OLDEST_SUPPORTED.join('.')}: pip install --upgrade tensorflow.`,
      );
    if (files && countGpus(files) === 0)
      advice.push(
        'TensorFlow uses no GPU. To use GPUs, install tensorflow[and-cuda] on a machine with an NVIDIA driver.',
      );
    return {
      ...base,
      available: true,
      version,
      devices: devices.map((device) => device.name.split('/device:')[1] ?? device.name),
      problem: undefined,
      advice,
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const advice = error instanceof MirrorscopeError ? [error.hint] : [UNUSABLE_LIBRARY_HINT];
    return { ...base, available: false, version: files?.version, devices: [], problem, advice };
  }
}
