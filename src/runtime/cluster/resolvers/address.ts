/** The network address of a task: `host:port`. Pure. */
import { clusterError, shortJson, type ValueSource } from './cluster-error.js';

/** A parsed network address. */
export interface Address {
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

// A host name has at most 253 characters. Slashes, spaces and control characters would change the meaning of the
// address for gRPC, which also takes URIs such as `unix:/path`.
const ADDRESS = /^(?:\[([\da-fA-F:.%a-zA-Z]{2,80})\]|([A-Za-z\d_.-]{1,253})):(\d{1,5})$/;
const MAX_PORT = 65_535;

/**
 * Parses the address of a task.
 *
 * @param value - Any JSON value.
 * @param source - Where the value comes from, for messages.
 * @returns The host and the port.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the value is no host and port.
 */
export function parseAddress(value: unknown, source: ValueSource): Address {
  const match = typeof value === 'string' ? ADDRESS.exec(value) : null;
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || !(port >= 1 && port <= MAX_PORT)) {
    throw clusterError(
      source,
      `must be a host and a port from 1 to ${MAX_PORT}; it is ${shortJson(value)}`,
      'For example: "trainer-0.example.com:2222". An IPv6 address needs brackets: "[::1]:2222".',
    );
  }
  return { host, port };
}
