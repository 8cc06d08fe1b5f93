/** What to do where there is no TensorFlow library, or the wrong one: words for people who have installed mirrorscope. Pure. */
import type { LocateAttempt } from './locate.js';

const INSTALL =
  '`pip install tensorflow` (or tensorflow-cpu) in the active virtual environment, in a .venv beside package.json or for python3; or set MIRRORSCOPE_LIBTENSORFLOW to a libtensorflow. `mirrorscope doctor` lists what was tried.';

/** Where no library was found. */
export function adviceWhereMissing(attempts: readonly LocateAttempt[]): string {
  const asked = attempts.find(({ source, outcome }) => source === 'MIRRORSCOPE_LIBTENSORFLOW' && outcome === 'missing');
  if (asked === undefined) return INSTALL;
  return `MIRRORSCOPE_LIBTENSORFLOW is ${asked.place}, where there is no TensorFlow library: correct it, or unset it and ${INSTALL}`;
}

/** Where a library was found that does not serve. */
export const ADVICE_WHERE_UNUSABLE = `The library has to be one for this platform: ${INSTALL}`;
