/** Asks whether addresses can be reached. Starts a thread, and blocks this one until it has the answers. */
import { Worker } from 'node:worker_threads';

import { PROBE_RESULTS, type ProbeData, ProbeResult } from './address-probe-table.js';

/** The thread's own module. Tests of the sources use the built one. */
const THREAD = new URL('./address-probe-thread.js', import.meta.url);

/** Connections time out before. */
const TIMEOUT_MS = 5000;

/** The answers about some addresses. */
export interface ProbeAnswers {
  /** In the order of the addresses. */
  readonly reached: readonly ProbeResult[];
  /** Whether the port can be opened here; undefined if nobody asked. */
  readonly port: ProbeResult | undefined;
}

/**
 * Asks about addresses.
 *
 * @param addresses - The addresses to reach.
 * @param ownPort - The address whose port to open on this machine.
 * @returns The answers. After 5 s, those that are missing are `Unknown`.
 */
export function probeAddresses(addresses: readonly string[], ownPort?: string): ProbeAnswers {
  const results = new SharedArrayBuffer(4 * (addresses.length + 2));
  const words = new Int32Array(results);
  const workerData: ProbeData = { addresses, ownPort, results };
  const worker = new Worker(THREAD, { workerData, execArgv: [], name: 'mirrorscope address probe' });
  worker.on('error', () => undefined);
  Atomics.wait(words, 0, 0, TIMEOUT_MS);
  void worker.terminate();
  const answerAt = (place: number): ProbeResult => PROBE_RESULTS[words[place + 1] ?? 0] ?? ProbeResult.Unknown;
  return {
    reached: addresses.map((_, place) => answerAt(place)),
    port: ownPort === undefined ? undefined : answerAt(addresses.length),
  };
}
