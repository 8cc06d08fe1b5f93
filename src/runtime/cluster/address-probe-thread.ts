/**
 * A thread that asks whether addresses can be reached, while the thread that started it blocks. Connects to them, and
 * sends nothing. Touches the network and the shared memory.
 */
import { connect, createServer } from 'node:net';
import { workerData } from 'node:worker_threads';

import { type ProbeData, ProbeResult } from './address-probe-table.js';

/** A process on the way to an address answers within this time, if it does. */
const CONNECT_TIMEOUT_MS = 2000;

const RESULTS_OF_CODES: Readonly<Record<string, ProbeResult>> = {
  ENOTFOUND: ProbeResult.UnknownName,
  EAI_AGAIN: ProbeResult.UnknownName,
  EADDRINUSE: ProbeResult.PortTaken,
  EACCES: ProbeResult.PortForbidden,
};

function resultOf(error: NodeJS.ErrnoException): ProbeResult {
  return RESULTS_OF_CODES[error.code ?? ''] ?? ProbeResult.Refused;
}

/** Divides `host:port`, also `[::1]:port`. */
function parse(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replaceAll(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}

function reach(address: string): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ ...parse(address), timeout: CONNECT_TIMEOUT_MS });
    const end = (result: ProbeResult) => (): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', end(ProbeResult.Reachable));
    socket.once('timeout', end(ProbeResult.Silent));
    socket.once('error', (error) => {
      end(resultOf(error))();
    });
  });
}

function tryPort(address: string): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      resolve(resultOf(error));
    });
    server.listen(parse(address).port, () =>
      server.close(() => {
        resolve(ProbeResult.PortFree);
      }),
    );
  });
}

const { addresses, ownPort, results } = workerData as ProbeData;
const words = new Int32Array(results);
const answers = await Promise.all([...addresses.map(reach), ...(ownPort === undefined ? [] : [tryPort(ownPort)])]);
answers.forEach((answer, index) => (words[index + 1] = answer));
Atomics.store(words, 0, 1);
Atomics.notify(words, 0);
