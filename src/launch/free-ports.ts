/** Finds free ports for the servers of workers on this machine. Opens and closes sockets. Reads files. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

const FIRST_PORT = 15_000;
/** Linux gives ports from here on to outgoing connections, unless it is configured otherwise. */
const DEFAULT_EPHEMERAL_PORT = 32_768;

/**
 * Finds ports that no program listens on. They are outside of the range from which the system takes ports for outgoing
 * connections: a worker that connects to another one early could otherwise take the port of a third one.
 *
 * @param count - How many.
 * @param start - A number from 0 to 1 that says where in the range the search starts. Launchers that run at the same
 *   time should start in different places.
 * @returns Different ports.
 * @throws {MirrorscopeError} `LAUNCH_FAILED` when there are not enough.
 */
export async function findFreePorts(count: number, start: number = Math.random()): Promise<number[]> {
  const end = firstEphemeralPort();
  const size = end - FIRST_PORT;
  const offset = Math.floor(start * size);
  const ports: number[] = [];
  for (let step = 0; step < size && ports.length < count; step++) {
    const port = FIRST_PORT + ((offset + step) % size);
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length === count) return ports;
  throw new MirrorscopeError(
    ErrorCode.LaunchFailed,
    `Only ${ports.length} of ${count} ports from ${FIRST_PORT} to ${end - 1} are free.`,
    { hint: 'Start fewer workers, or end other programs that listen on these ports.' },
  );
}

function firstEphemeralPort(): number {
  try {
    const first = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/)[0]);
    // A system that gives low ports to outgoing connections leaves no safe range.
    return first > FIRST_PORT + 1000 ? first : DEFAULT_EPHEMERAL_PORT;
  } catch {
    return DEFAULT_EPHEMERAL_PORT;
  }
}

/** TensorFlow's server listens on every address, so the port must be free on every address. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
