/** Assembles a strategy over several processes. Starts TensorFlow's server, and waits for the other processes. */
import type { Cluster } from './cluster/cluster.js';
import type { ClusterTasks } from './cluster/cluster-tasks.js';
import type { ClusterResolver } from './cluster/resolvers/cluster-resolver.js';
import type { DeviceRequest } from './distribute/device.js';
import type { StrategyParts } from './distribute/strategy-parts.js';
import type { Engine, EngineName } from './engines/engine.js';
import type { CommunicationOptions } from './trace/communication-options.js';
import type { Variable } from '@tensorflow/tfjs';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { requireClosedNetwork } from './cluster/closed-network.js';
import { launchedDevices } from './cluster/launched-devices.js';
import { TFConfigClusterResolver } from './cluster/resolvers/tf-config-cluster-resolver.js';
import { trainingTasks } from './cluster/training-tasks.js';
import { checkMultiWorkerOptions } from './distribute/check-options.js';
import { currentFrame } from './distribute/context.js';
import { CollectiveAllReduce } from './distribute/cross-device-ops.js';
import { ReplicaTopology } from './distribute/replica-topology.js';
import { Strategy } from './distribute/strategy.js';
import { assembleStrategy } from './distribute/strategy-parts.js';
import { selectEngine } from './engines/select-engine.js';
import { createModelScope } from './layers/model-scope.js';
import { DEFAULT_COMMUNICATION } from './trace/communication-options.js';

/** A process that starts later than this is missing. */
const START_TIMEOUT_SECONDS = 300;
/** TensorFlow's own default. */
const HEARTBEAT_TIMEOUT_SECONDS = 10;

/** Options of {@link MultiWorkerMirroredStrategy}. */
export interface MultiWorkerMirroredStrategyOptions {
  /** Describes the cluster, and which of its tasks this process is. Default: a `TFConfigClusterResolver`. */
  readonly clusterResolver?: ClusterResolver | undefined;
  /**
   * Whether whoever can reach this process on the network may run any operation in it. TensorFlow's server has no
   * authentication, so a strategy over several processes asks for `true`, except in a network namespace that has no
   * interface but the loopback. Fence its port in first. Default: false.
   */
  readonly allowUnauthenticatedPeers?: boolean | undefined;
  /**
   * Whether the other processes run `tf.distribute.MultiWorkerMirroredStrategy` in Python. Custom loops may then share
   * `allReduce`, call by call; models do not train with `fit`. Every process must have the same number of devices.
   * Default: false.
   */
  readonly pythonPeers?: boolean | undefined;
  /** The engine. Several processes need `tensorflow`. Default: as for `MirroredStrategy`. */
  readonly engine?: EngineName | undefined;
  /**
   * The devices of this process: their number, or a list of their numbers or names. Default: as many as `mirrorscope
   * launch` says with `--devices-per-worker`, otherwise all of the engine.
   */
  readonly devices?: DeviceRequest | undefined;
  /** How replicas exchange tensors, as `tf.distribute.experimental.CommunicationOptions`. */
  readonly communicationOptions?: Partial<CommunicationOptions> | undefined;
  /** How long the processes wait for each other at the start. Default: 300. */
  readonly startTimeoutSeconds?: number | undefined;
  /** A process that gives no sign of life for this time is lost. Default: 10. */
  readonly heartbeatTimeoutSeconds?: number | undefined;
  /** Runs every step operation by operation: slower, for debugging. Default: false. */
  readonly runEagerly?: boolean | undefined;
  /** The seed of dropout, noise and shuffling. Default: a random seed that the chief chooses. */
  readonly seed?: number | undefined;
  /** The number of micro-batches of a step; see `MirroredStrategyOptions`. Default: 1. */
  readonly gradientAccumulationSteps?: number | undefined;
}

/**
 * Synchronous data-parallel training in several processes, on one machine or many, as
 * `tf.distribute.MultiWorkerMirroredStrategy`. The same program runs in each process. All devices of all processes form
 * one group: each step splits the global batch between them, and applies the sum of their gradients everywhere.
 *
 * @example
 * ```js
 * const strategy = new MultiWorkerMirroredStrategy({ allowUnauthenticatedPeers: true }); // Reads TF_CONFIG.
 * const model = strategy.scope(() => buildAndCompile());
 * await model.fit(x, y, { batchSize: 64 });
 * ```
 */
export class MultiWorkerMirroredStrategy extends Strategy {
  /** Describes the cluster, and which of its tasks this process is. */
  readonly clusterResolver: ClusterResolver;

  /**
   * Joins the cluster, and waits until every process has joined. Make the strategy at the start of the program.
   *
   * @param given - The cluster, and this process in it. Default: what `TF_CONFIG` says; without it, this process
   *   trains alone.
   * @throws {MirrorscopeError} `CLUSTER_START` when a process is missing, or unless the network is said to be closed;
   *   `STRATEGY_MISUSE` when TensorFlow has already started; `CLUSTER_CONFIGURATION` when the cluster is malformed;
   *   `INVALID_ARGUMENT` for other options.
   */
  constructor(given: MultiWorkerMirroredStrategyOptions = {}) {
    checkMultiWorkerOptions(given);
    const options = { ...given, devices: given.devices ?? launchedDevices() };
    const engine = selectEngine(options.engine);
    super();
    this.clusterResolver = options.clusterResolver ?? new TFConfigClusterResolver();
    const tasks = trainingTasks(this.clusterResolver);
    const made = new Set<Variable>();
    const modelScope = createModelScope(engine, (variable) => {
      if (currentFrame()?.strategy === this) made.add(variable);
    });
    const parts = {
      ...(tasks === undefined ? onlyProcess(engine, options) : oneOfSeveral(engine, tasks, options)),
      modelScope,
    };
    assembleStrategy(this, parts);
    if (parts.cluster !== undefined) engine.clusters?.connect(parts, made);
  }
}

type OwnParts = Omit<StrategyParts, 'modelScope'>;

function commonParts(engine: Engine): Pick<StrategyParts, 'runner' | 'crossDeviceOps'> {
  return { runner: engine, crossDeviceOps: new CollectiveAllReduce() };
}

function onlyProcess(engine: Engine, options: MultiWorkerMirroredStrategyOptions): OwnParts {
  const { communicationOptions: communication, runEagerly, seed, gradientAccumulationSteps } = options;
  return {
    ...commonParts(engine),
    topology: new ReplicaTopology(engine.resolveDevices(options.devices)),
    execution: { communication, runEagerly, seed, gradientAccumulationSteps },
  };
}

function oneOfSeveral(engine: Engine, tasks: ClusterTasks, options: MultiWorkerMirroredStrategyOptions): OwnParts {
  const { communicationOptions: communication, runEagerly, gradientAccumulationSteps } = options;
  const cluster = join(engine, { ...tasks, pythonPeers: options.pythonPeers }, options);
  const devices = engine.resolveDevices(options.devices);
  const name = cluster.nextName('strategy');
  const replicasPerProcess = cluster.exchange(`device count of ${name}`, String(devices.length)).map(Number);
  const seed = Number(cluster.fromChief(`seed of ${name}`, () => String(options.seed ?? randomSeed())));
  return {
    ...commonParts(engine),
    topology: new ReplicaTopology(devices, { processIndex: cluster.own, replicasPerProcess }),
    execution: { communication, runEagerly, seed, gradientAccumulationSteps },
    cluster,
  };
}

function join(engine: Engine, tasks: ClusterTasks, options: MultiWorkerMirroredStrategyOptions): Cluster {
  if (engine.clusters === undefined) {
    throw new MirrorscopeError(
      ErrorCode.EngineUnavailable,
      `The engine "${engine.name}" runs in one process, and the cluster has ${String(tasks.tasks.length)}.`,
      { hint: 'Several processes need the engine tensorflow. `mirrorscope doctor` says why it is not used.' },
    );
  }
  requireClosedNetwork(options.allowUnauthenticatedPeers);
  const { startTimeoutSeconds = START_TIMEOUT_SECONDS, heartbeatTimeoutSeconds = HEARTBEAT_TIMEOUT_SECONDS } = options;
  const { timeoutSeconds } = { ...DEFAULT_COMMUNICATION, ...options.communicationOptions };
  return engine.clusters.join(
    tasks,
    {
      startTimeoutMs: startTimeoutSeconds * 1000,
      heartbeatTimeoutMs: heartbeatTimeoutSeconds * 1000,
      exchangeTimeoutMs: (timeoutSeconds || DEFAULT_COMMUNICATION.timeoutSeconds) * 1000,
    },
    options.devices,
  );
}

/** Not Math.random: the program may seed it or count its draws. */
function randomSeed(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
