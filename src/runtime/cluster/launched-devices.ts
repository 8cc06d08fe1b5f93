/** How many devices `mirrorscope launch --devices-per-worker` gives this process. Reads the environment. */
import { wholeNumber } from './resolvers/environment-variables.js';

const DEVICES_PER_WORKER = 'MIRRORSCOPE_DEVICES_PER_WORKER';
const MAX_DEVICES = 1000;

/**
 * Reads the number of devices from the environment.
 *
 * @returns The number; undefined when the launcher did not set it.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the variable is no such number.
 */
export function launchedDevices(): number | undefined {
  const text = process.env[DEVICES_PER_WORKER];
  return text === undefined ? undefined : wholeNumber(text, DEVICES_PER_WORKER, { min: 1, max: MAX_DEVICES });
}
