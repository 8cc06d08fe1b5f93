/**
 * Refuses to open TensorFlow's server on a network that others can reach. Reads the network interfaces of this machine.
 */
import { networkInterfaces } from 'node:os';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/**
 * Checks that only trusted programs can reach this process. TensorFlow's server listens on every address of the
 * machine, whatever address the cluster names, and runs any operation for whoever connects.
 *
 * @param isAllowed - Whether the user has said that the network is closed.
 * @throws {MirrorscopeError} `CLUSTER_START` unless the user has said so, or this network namespace has no interface
 *   but the loopback.
 */
export function requireClosedNetwork(isAllowed: boolean | undefined): void {
  if (isAllowed === true) return;
  const reachable = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ internal }) => !internal),
  );
  if (!reachable) return;
  throw new MirrorscopeError(
    ErrorCode.ClusterStart,
    'TensorFlow’s server has no authentication: whoever can reach its port can run any operation in this process, and read and write its files. ' +
      'It listens on every address of this machine, whatever address the cluster names.',
    {
      hint:
        'Fence the port in (a private network, a firewall, a network namespace, a Kubernetes NetworkPolicy), ' +
        'then pass allowUnauthenticatedPeers: true. See docs/multi-worker.md.',
    },
  );
}
