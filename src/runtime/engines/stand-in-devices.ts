/** The rule for code that names GPUs on a machine without any: other devices stand in. Writes to the console. */

/** Tells whether a request names a GPU. */
export function namesGpu(request: unknown): boolean {
  return Array.isArray(request) && request.some((device) => typeof device === 'string' && /gpu:\d+$/i.test(device));
}

/**
 * Says that other devices stand in for the GPUs that a strategy names.
 *
 * @param reason - Why there are none.
 */
export function warnOfStandIns(reason: string): void {
  console.warn(
    `mirrorscope: a strategy names GPUs, but ${reason}. CPU devices with the same numbers stand in for them: the ` +
      'results are the same, but slower.',
  );
}
