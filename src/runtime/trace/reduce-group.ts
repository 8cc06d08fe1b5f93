/** The replicas that reduce together. Types only. */
import type { CommunicationOptions } from './communication-options.js';
import type { InstanceKeys } from './instance-keys.js';
import type { StepPeers } from './step-peers.js';
import type { Transfer } from './transfers.js';

/** The replicas that reduce together, and how. */
export interface ReduceGroup {
  /** How many replicas the group has, over all processes. */
  readonly size: number;
  /** The number of this process's first replica in the group. */
  readonly firstReplica: number;
  /** The key of the group: the same on every replica, and another for every set of devices. */
  readonly key: number;
  /**
   * Finds the key of the group of two replicas.
   *
   * @param one - A replica of this group.
   * @param other - Another replica of this group.
   */
  pairKey(one: number, other: number): number;
  /** The keys of its collectives. */
  readonly instanceKeys: InstanceKeys;
  /** The other processes, where its replicas are in several. */
  readonly peers?: StepPeers | undefined;
  /** Whether the other processes run Python's strategy. Collectives must have the attributes that it gives them. */
  readonly pythonPeers?: boolean | undefined;
  /** Whether its devices have `CollectiveAllToAllV2`, as CPUs do. An op that a device lacks ends all collectives. */
  readonly exchangesParts?: boolean | undefined;
  readonly options: CommunicationOptions;
  /**
   * How values travel to replica 0, for cross-device ops that are not TensorFlow's own all-reduce. Each replica then
   * runs a function of its own.
   */
  readonly transfers?: readonly Transfer[] | undefined;
}
