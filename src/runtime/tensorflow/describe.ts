/** What `mirrorscope doctor` says about TensorFlow: where it was looked for, what was found, what to do. Loads the library. */
import type { LocateAttempt } from './locate.js';

import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { countGpus } from './gpu-count.js';
import { ADVICE_WHERE_UNUSABLE } from './library-advice.js';
import { RuntimeSession } from './runtime-session.js';

/** TensorFlow as found on this machine. */
export interface TensorFlowDescription {
  readonly attempts: readonly LocateAttempt[];
  readonly available: boolean;
  /** The files that are loaded, in order. */
  readonly files: readonly string[];
  readonly version: string | undefined;
  /** Device names, e.g. `CPU:0`. */
  readonly devices: readonly string[];
  /** Why it cannot be used. */
  readonly problem: string | undefined;
  /** What to do next, a sentence each. */
  readonly advice: readonly string[];
}

const OLDEST = [2, 12] as const;

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

/** Looks for TensorFlow, loads it and lists its devices. Never throws. */
export function describeTensorFlow(session: RuntimeSession = new RuntimeSession()): TensorFlowDescription {
  const { attempts, files } = session.located;
  const base = { attempts, files: files?.paths ?? [] };
  try {
    const { version, devices } = session.context;
    const advice: string[] = [];
    if (isTooOld(version))
      advice.push(`TensorFlow ${version} is older than ${OLDEST.join('.')}: pip install --upgrade tensorflow.`);
    if (files && countGpus(files) === 0)
      advice.push('No GPU is used. For GPUs install tensorflow[and-cuda] on a machine with an NVIDIA driver.');
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
    const advice = error instanceof MirrorscopeError ? [error.hint] : [ADVICE_WHERE_UNUSABLE];
    return { ...base, available: false, version: files?.version, devices: [], problem, advice };
  }
}
