/**
 * What the traced steps of a strategy share: devices with queues, the group of replicas that communicate, unique names
 * and keys. Starts TensorFlow when first asked.
 */
import type { Cluster } from '../../cluster/cluster.js';
import type { Device } from '../../distribute/device.js';
import type { ExecutionOptions } from '../../distribute/execution-options.js';
import type { ReplicaGroup } from '../../distribute/ports/replica-runner.js';
import type { RuntimeSession } from '../../tensorflow/runtime-session.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { Profiler } from '../../trace/profiler.js';
import type { ReduceGroup } from '../../trace/reduce-group.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { StepPeers } from '../../trace/step-peers.js';
import type { UniqueIds } from '../../trace/unique-ids.js';
import type { ReplicaDevices } from './replica-devices.js';

import { currentBackend } from '../../backend/install.js';
import { CollectiveAllReduce, transfersOf } from '../../distribute/cross-device-ops.js';
import { ReplicaTopology } from '../../distribute/replica-topology.js';
import { loadTfjsCore } from '../../tfjs/load-tfjs.js';
import { type CommunicationOptions, DEFAULT_COMMUNICATION } from '../../trace/communication-options.js';
import { InFlightSteps } from '../../trace/in-flight-steps.js';

import { GroupKeys } from './group-keys.js';

function createUniqueIds(): UniqueIds {
  let functions = 0;
  return { functionName: (step) => `mirrorscope_${step.replaceAll(' ', '_')}_${++functions}` };
}

/** The parts of the engine that the options refer to. */
export interface StepOptionsParts {
  readonly tf: () => TensorFlowJs;
  readonly session: RuntimeSession;
  readonly replicaDevices: ReplicaDevices;
  readonly profiler: Profiler;
  /** The cluster that this process has joined. */
  readonly cluster: () => Cluster | undefined;
}

/** Makes the options of traced steps in one process. */
export class StepOptions {
  readonly #parts: StepOptionsParts;
  readonly #ids = createUniqueIds();
  readonly #groupKeys: GroupKeys;
  #inFlight: InFlightSteps | undefined;

  constructor(parts: StepOptionsParts) {
    this.#parts = parts;
    this.#groupKeys = new GroupKeys(parts.replicaDevices, parts.cluster);
  }

  /** Makes the options of steps that all replicas of a strategy run together. */
  forGroup(group: ReplicaGroup, { communication, seed }: ExecutionOptions, peers?: StepPeers): ReplicatedStepOptions {
    const { session, replicaDevices, profiler } = this.#parts;
    const tf = this.#parts.tf();
    this.#inFlight ??= new InFlightSteps(session.context);
    return {
      environment: { tf, backend: currentBackend(tf), context: session.context },
      core: loadTfjsCore(),
      replicas: group.topology.localDevices.map((device) => replicaDevices.replicaDeviceOf(device)),
      group: this.#reduceGroup(group, communication, peers),
      uniqueIds: this.#ids,
      profiler,
      inFlight: this.#inFlight,
      // Not Math.random: the program may seed it or count its draws.
      seed: seed ?? globalThis.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    };
  }

  /** See {@link GroupKeys.restart}. */
  restartKeys(agree: (next: number) => number): void {
    this.#groupKeys.restart(agree);
  }

  /** Cancels the steps in flight. */
  cancelSteps(): void {
    this.#inFlight?.cancelAll();
  }

  /** Makes the options of steps that run on the default device only. */
  forDefaultDevice(): ReplicatedStepOptions {
    const topology = new ReplicaTopology(this.#parts.replicaDevices.list().slice(0, 1));
    return this.forGroup({ topology, crossDeviceOps: new CollectiveAllReduce() }, {});
  }

  #reduceGroup(
    { topology, crossDeviceOps }: ReplicaGroup,
    communication: ExecutionOptions['communication'],
    peers: StepPeers | undefined,
  ): ReduceGroup {
    const given = Object.entries<unknown>(communication ?? {}).filter(([, value]) => value !== undefined);
    const options: CommunicationOptions = { ...DEFAULT_COMMUNICATION, ...Object.fromEntries(given) };
    const wanted = crossDeviceOps.implementation ?? options.implementation;
    // NCCL supports only GPUs.
    const isAllGpus = topology.localDevices.every(({ type }) => type === 'GPU');
    const implementation = wanted === 'nccl' && !isAllGpus ? 'auto' : wanted;
    const spansProcesses = topology.processCount > 1;
    const devicesOf = (replicaIds: readonly number[]): Device[] =>
      replicaIds.flatMap((replicaId) => topology.deviceOf(replicaId) ?? []);
    return {
      size: topology.replicaCount,
      firstReplica: topology.firstReplicaId,
      ...this.#groupKeys.find({
        devices: topology.localDevices,
        size: topology.replicaCount,
        spansProcesses,
        implementation,
      }),
      peers,
      pythonPeers: spansProcesses && this.#parts.cluster()?.pythonPeers === true,
      pairKey: (one, other) => {
        const devices = devicesOf([one, other]);
        return this.#groupKeys.find({ devices, size: 2, spansProcesses: false, implementation }).key;
      },
      exchangesParts: topology.localDevices.every(({ type }) => type === 'CPU'),
      options: { ...options, implementation },
      transfers: transfersOf(crossDeviceOps, topology.replicaCount),
    };
  }
}
