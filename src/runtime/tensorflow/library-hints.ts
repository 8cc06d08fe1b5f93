/** Hints for users whose machine has no usable TensorFlow library. Pure. */
import type { LocateAttempt } from './locate.js';

const INSTALL =
  '`pip install tensorflow` (or tensorflow-cpu) in the active virtual environment, in a .venv beside package.json or for python3; or set MIRRORSCOPE_LIBTENSORFLOW to the path of a libtensorflow. `mirrorscope doctor` lists the places that were searched.';

/**
 * Says what to do when no library was found.
 *
 * @param attempts - The places that were searched.
 * @returns A hint.
 */
export function missingLibraryHint(attempts: readonly LocateAttempt[]): string {
  const requested = attempts.find(
    ({ source, outcome }) => source === 'MIRRORSCOPE_LIBTENSORFLOW' && outcome === 'missing',
  );
  const refused = attempts.find(({ outcome }) => outcome === 'refused');
  if (refused !== undefined) return `The library in ${refused.place} was ${refused.detail}.`;
  if (requested === undefined) return INSTALL;
  return `MIRRORSCOPE_LIBTENSORFLOW is ${requested.place}, where there is no TensorFlow library: correct the variable, or unset it and ${INSTALL}`;
}

/** The hint for a library that was found but cannot be used. */
export const UNUSABLE_LIBRARY_HINT = `The library must be one for this platform: ${INSTALL}`;
