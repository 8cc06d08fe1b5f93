/** Lists the GPUs that the workers on this machine can share. Reads files and the environment. */
import { readdirSync } from 'node:fs';

/** NVIDIA's driver has one folder for each GPU there. */
const DRIVER_FOLDER = '/proc/driver/nvidia/gpus';

/**
 * Lists the GPUs, by their names for `CUDA_VISIBLE_DEVICES`.
 *
 * @param environment - The environment variables. `CUDA_VISIBLE_DEVICES` limits the GPUs.
 * @returns The names, such as `0` and `1`.
 */
export function visibleGpus(environment: NodeJS.ProcessEnv): string[] {
  const visible = environment['CUDA_VISIBLE_DEVICES'];
  const count = driverGpuCount();
  if (visible === undefined) return Array.from({ length: count }, (_, index) => String(index));
  // CUDA ignores the first name that it does not know, and all that follow; -1 is such a name.
  const names = visible.split(',').map((name) => name.trim());
  const end = names.findIndex((name) => name === '' || name.startsWith('-'));
  return count === 0 ? [] : names.slice(0, end === -1 ? names.length : end);
}

function driverGpuCount(): number {
  try {
    return readdirSync(DRIVER_FOLDER).length;
  } catch {
    return 0;
  }
}
