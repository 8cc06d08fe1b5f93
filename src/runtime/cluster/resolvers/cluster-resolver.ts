/** What a strategy over several processes asks for: the cluster, and which task of it this process is. Pure. */
import type { ClusterSpec } from './cluster-spec.js';

/**
 * Finds out the processes of a cluster, as `tf.distribute.cluster_resolver.ClusterResolver`. Write a subclass for a
 * system that mirrorscope does not know.
 *
 * @example
 * ```js
 * class FleetResolver extends ClusterResolver {
 *   taskType = 'worker';
 *   taskId = Number(process.env.FLEET_RANK);
 *   rpcLayer = 'grpc';
 *   clusterSpec() {
 *     return new ClusterSpec({ worker: process.env.FLEET_HOSTS.split(' ').map((host) => `${host}:2222`) });
 *   }
 * }
 * ```
 */
export abstract class ClusterResolver {
  /** The job of this process, such as `worker`; undefined when there is no cluster. */
  abstract readonly taskType: string | undefined;
  /** The index of this process among the tasks of its job; undefined when there is no cluster. */
  abstract readonly taskId: number | undefined;
  /** The protocol between the processes. TensorFlow's own is `grpc`, which is also meant by `undefined`. */
  abstract readonly rpcLayer: string | undefined;

  /**
   * Returns the processes of the cluster.
   *
   * @returns The cluster; without jobs if this process trains alone.
   * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the description of the cluster is malformed.
   */
  abstract clusterSpec(): ClusterSpec;

  /**
   * Returns how many accelerators this process uses.
   *
   * @returns The number for each type of device, such as `{ GPU: 2 }`. Without an entry for GPUs, a strategy uses those
   *   that TensorFlow sees.
   */
  numAccelerators(): Readonly<Record<string, number>> {
    return {};
  }
}
