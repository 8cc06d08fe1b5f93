/** The interface of an engine: it runs replicas and, if it can, traces their steps. Types only. */
import type { Cluster } from '../cluster/cluster.js';
import type { ClusterTasks } from '../cluster/cluster-tasks.js';
import type { ClusterTimeouts } from '../cluster/join-cluster.js';
import type { Device, DeviceRequest } from '../distribute/device.js';
import type { ReplicaRunner } from '../distribute/ports/replica-runner.js';
import type { StrategyParts } from '../distribute/strategy-parts.js';
import type { TracingEngine } from '../layers/ports/tracing-engine.js';
import type { Profiler } from '../trace/profiler.js';
import type { Variable } from '@tensorflow/tfjs';

/** The names of the engines. */
export type EngineName = 'auto' | 'logical' | 'pjrt' | 'tensorflow';

/** Whether an engine can run on this machine. Finding out loads no library. */
export interface EngineProbe {
  readonly available: boolean;
  /** Why it can or cannot run, in one sentence. */
  readonly reason: string;
}

/** The part of an engine that runs replicas in several processes. */
export interface ClusterEngine {
  /**
   * Joins a cluster, and waits for its other processes. Blocks this thread.
   *
   * @param tasks - The processes of the cluster.
   * @param timeouts - How long to wait.
   * @param devices - The devices that a strategy requests in this process.
   * @returns The cluster. A process joins one cluster only.
   * @throws {MirrorscopeError} `CLUSTER_START` when a process is missing; `STRATEGY_MISUSE` when the engine is already
   *   in use, or has joined another cluster.
   */
  join(tasks: ClusterTasks, timeouts: ClusterTimeouts, devices: DeviceRequest | undefined): Cluster;
  /**
   * Connects the replicas of a new strategy, in all processes at the same time.
   *
   * @param parts - The parts of the strategy.
   * @param scopeVariables - The variables that are made in its scope. The replicas begin with the chief's values of
   *   them.
   */
  connect(parts: StrategyParts, scopeVariables: ReadonlySet<Variable>): void;
}

/** Runs replicas on devices. */
export interface Engine extends ReplicaRunner {
  readonly name: EngineName;
  /** Traces steps. An engine without it runs everything eagerly. */
  readonly tracing?: TracingEngine;
  /** Measures traced steps for `profile`. An engine that does not trace has none. */
  readonly profiler?: Profiler;
  /** Lists every device that the engine can use. */
  listDevices(): readonly Device[];
  /**
   * Finds the devices that a strategy requests.
   *
   * @param request - The request. By default, all devices.
   * @returns The devices, in the order of the request.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` or `INVALID_ARGUMENT`.
   */
  resolveDevices(request: DeviceRequest | undefined): readonly Device[];
  /** Runs replicas in several processes. An engine without it runs them in this process only. */
  readonly clusters?: ClusterEngine;
}
