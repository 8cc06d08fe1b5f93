/**
 * The keys of the groups whose replicas communicate. A new group runs its first collective here. Touches the replicas'
 * queues.
 */
import type { ClusterTasks } from '../../cluster/cluster-tasks.js';
import type { Device } from '../../distribute/device.js';
import type { ReplicaDevices } from './replica-devices.js';

import { InstanceKeys, type KeyCounter } from '../../trace/instance-keys.js';
import { warmUpGroup } from '../../trace/warm-up-group.js';

/** In a cluster, the keys of groups within one process must differ from those of all other groups. */
const KEYS_OF_A_PROCESS = 1 << 20;

/**
 * The first instance key of each group in Python. It uses a new one for each call of a collective. Source:
 * tensorflow/python/distribute/cross_device_utils.py (CollectiveKeys).
 */
const FIRST_KEY_IN_PYTHON = 100;

/** The beginning of the names of groups that span processes. */
const SPANNING = 'cluster';

/** The replicas of a group, as this process sees them. */
export interface GroupMembers {
  /** The devices in this process. */
  readonly devices: readonly Device[];
  /** How many replicas the group has, over all processes. */
  readonly size: number;
  readonly spansProcesses: boolean;
  /** TensorFlow's `communication_hint`. */
  readonly implementation: string;
}

/** The keys of one group. */
export interface KnownGroup {
  readonly key: number;
  readonly instanceKeys: InstanceKeys;
}

/** The groups of one context. */
export class GroupKeys {
  readonly #replicaDevices: ReplicaDevices;
  readonly #cluster: () => ClusterTasks | undefined;
  readonly #groups = new Map<string, KnownGroup>();
  /** Groups within this process share it. */
  readonly #ownCounter: KeyCounter = { next: 1 };
  #own = 0;
  #shared = 0;

  /**
   * @param replicaDevices - The devices of this process.
   * @param cluster - Returns the cluster that this process has joined.
   */
  constructor(replicaDevices: ReplicaDevices, cluster: () => ClusterTasks | undefined) {
    this.#replicaDevices = replicaDevices;
    this.#cluster = cluster;
  }

  /**
   * Makes the groups that span processes use new keys: the same ones in every process.
   *
   * @param agree - Finds the largest of the numbers that the processes pass.
   */
  restart(agree: (next: number) => number): void {
    for (const [id, { instanceKeys }] of this.#groups)
      if (id.startsWith(SPANNING)) instanceKeys.restart(agree(instanceKeys.next));
  }

  /**
   * Finds the keys of a group. The same devices have the same keys. All processes must ask for groups that span
   * processes in the same order.
   *
   * @param members - The replicas.
   * @returns The keys.
   * @throws {TensorFlowError} when the replicas of a new group cannot communicate.
   */
  find({ devices, size, spansProcesses, implementation }: GroupMembers): KnownGroup {
    const names = devices.map(({ name }) => name).sort();
    const id = `${spansProcesses ? SPANNING : 'process'} ${names.join()}`;
    const known = this.#groups.get(id);
    if (known !== undefined) return known;
    const cluster = this.#cluster();
    const key = spansProcesses ? ++this.#shared : KEYS_OF_A_PROCESS * ((cluster?.own ?? 0) + 1) + ++this.#own;
    const isPythons = spansProcesses && cluster?.pythonPeers === true;
    const instanceKeys = isPythons
      ? new InstanceKeys({ next: FIRST_KEY_IN_PYTHON }, false)
      : new InstanceKeys(spansProcesses ? undefined : this.#ownCounter);
    // Python's processes would not come to a collective before the first step.
    if (size > 1 && !isPythons) {
      warmUpGroup(
        devices.map((device) => this.#replicaDevices.replicaDeviceOf(device)),
        { key, size, implementation, instanceKey: instanceKeys.single() },
      );
    }
    const made = { key, instanceKeys };
    this.#groups.set(id, made);
    return made;
  }
}
