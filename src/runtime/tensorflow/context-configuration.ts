/**
 * Settings of devices and threads that must be known before TensorFlow starts, and the ConfigProto made from them.
 * Pure.
 */
import type { Messages, MessageValue } from './protobuf/messages.js';

/** One logical device of a physical device. */
export interface LogicalDeviceConfiguration {
  /** In MiB. Only for GPUs. */
  readonly memoryLimit?: number | undefined;
}

/** One job of a cluster whose processes TensorFlow's coordination service watches. */
export interface CoordinatedJob {
  readonly name: string;
  readonly num_tasks: number;
}

/** The settings by which the processes of a cluster find each other. All processes must have the same. */
export interface ClusterConfiguration {
  /** The task that forms groups and runs the coordination service, such as `/job:worker/replica:0/task:0`. */
  readonly leader: string;
  readonly jobs: readonly CoordinatedJob[];
  /** How long a process waits for all others when it starts. */
  readonly startTimeoutMs: number;
  /** A process that is silent for longer counts as lost. */
  readonly heartbeatTimeoutMs: number;
}

/** The settings of a context. All are optional, as in TensorFlow. */
export interface ContextConfiguration {
  /** Number of logical CPU devices; 1 by default. */
  readonly cpuDevices?: number | undefined;
  /** Ordinals of the GPUs that TensorFlow may use: all by default, none for an empty list. */
  readonly visibleGpus?: readonly number[] | undefined;
  /** The logical devices of each visible GPU. */
  readonly gpuDevices?: readonly (readonly LogicalDeviceConfiguration[])[] | undefined;
  readonly gpuMemoryGrowth?: boolean | undefined;
  /** Threads within one op; 0 lets TensorFlow choose. {@link withSharedThreads} sets the default. */
  readonly intraOpParallelismThreads?: number | undefined;
  /** How many ops run side by side; 0 lets TensorFlow choose. */
  readonly interOpParallelismThreads?: number | undefined;
  readonly logDevicePlacement?: boolean | undefined;
  /** The cluster that the context will join. */
  readonly cluster?: ClusterConfiguration | undefined;
}

/** The processors and GPUs, on which the default number of threads depends. */
export interface Processors {
  readonly processors: number;
  readonly gpus: number;
}

/** With one thread, TensorFlow computes convolutions in tiny blocks, which take several times as long. */
const FEWEST_THREADS = 2;

/**
 * Divides the processors among several logical CPU devices. The devices compute at the same time, but TensorFlow gives
 * every op of each device as many threads as the machine has processors, so that the threads of different devices
 * compete.
 *
 * @param configuration - The settings. An explicit number of threads stays.
 * @param machine - Asks for the machine's processors and GPUs; called only when they matter.
 * @returns The settings with a number of threads.
 */
export function withSharedThreads(
  configuration: ContextConfiguration,
  machine: () => Processors,
): ContextConfiguration {
  const { cpuDevices = 1, intraOpParallelismThreads } = configuration;
  if (cpuDevices < 2 || intraOpParallelismThreads !== undefined) return configuration;
  const { processors, gpus } = machine();
  if (gpus > 0) return configuration;
  return { ...configuration, intraOpParallelismThreads: Math.max(FEWEST_THREADS, Math.floor(processors / cpuDevices)) };
}

/**
 * TensorFlow's group leader and coordination service, as Python's `MultiWorkerMirroredStrategy` sets them. Without the
 * barrier, the leader would wait for missing processes for an hour, whatever the timeout.
 */
function clusterSettings({ leader, jobs, startTimeoutMs, heartbeatTimeoutMs }: ClusterConfiguration): MessageValue {
  return {
    collective_group_leader: leader,
    coordination_config: {
      service_type: 'standalone',
      service_leader: leader,
      enable_health_check: true,
      cluster_register_timeout_in_ms: startTimeoutMs,
      cluster_register_with_barrier: true,
      heartbeat_timeout_in_ms: heartbeatTimeoutMs,
      coordinated_job_list: jobs.map(({ name, num_tasks }) => ({ name, num_tasks })),
    },
  };
}

/**
 * Makes the ConfigProto of the settings.
 *
 * @param configuration - The settings.
 * @returns The message, not yet encoded.
 */
export function configProtoValue(configuration: ContextConfiguration): MessageValue {
  const gpus = configuration.visibleGpus;
  const deviceCount: Record<string, number> = { CPU: configuration.cpuDevices ?? 1 };
  if (gpus) deviceCount['GPU'] = gpus.length;
  const virtualDevices = (configuration.gpuDevices ?? []).map((devices) => ({
    memory_limit_mb: devices.flatMap((device) => (device.memoryLimit === undefined ? [] : [device.memoryLimit])),
  }));
  return {
    device_count: deviceCount,
    intra_op_parallelism_threads: configuration.intraOpParallelismThreads ?? 0,
    inter_op_parallelism_threads: configuration.interOpParallelismThreads ?? 0,
    allow_soft_placement: true,
    log_device_placement: configuration.logDevicePlacement ?? false,
    gpu_options: {
      allow_growth: configuration.gpuMemoryGrowth ?? false,
      visible_device_list: gpus && gpus.length > 0 ? gpus.join(',') : '',
      ...(virtualDevices.length > 0 ? { experimental: { virtual_devices: virtualDevices } } : {}),
    },
    ...(configuration.cluster === undefined ? {} : { experimental: clusterSettings(configuration.cluster) }),
  };
}

/**
 * Encodes the settings for TensorFlow.
 *
 * @param messages - Encodes protocol buffers.
 * @param configuration - The settings.
 * @returns A serialized ConfigProto.
 */
export function encodeConfigProto(messages: Messages, configuration: ContextConfiguration): Uint8Array {
  return messages.encode('ConfigProto', configProtoValue(configuration));
}
