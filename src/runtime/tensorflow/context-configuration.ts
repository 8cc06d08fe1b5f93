/** What can be said about devices and threads before TensorFlow starts, and its ConfigProto. Pure. */
import type { Messages, MessageValue } from './protobuf/messages.js';

/** One logical device on a physical one. */
export interface LogicalDeviceConfiguration {
  /** In MiB; GPUs only. */
  readonly memoryLimit?: number | undefined;
}

/** The settings of a context; all optional, as TensorFlow's are. */
export interface ContextConfiguration {
  /** How many logical CPU devices; 1 by default. */
  readonly cpuDevices?: number | undefined;
  /** Ordinals of the GPUs that may be used; all by default, none when empty. */
  readonly visibleGpus?: readonly number[] | undefined;
  /** For each visible GPU its logical devices. */
  readonly gpuDevices?: readonly (readonly LogicalDeviceConfiguration[])[] | undefined;
  readonly gpuMemoryGrowth?: boolean | undefined;
  /** Threads within one op; 0 lets TensorFlow choose. By default see {@link withSharedThreads}. */
  readonly intraOpParallelismThreads?: number | undefined;
  /** Threads between ops; 0 lets TensorFlow choose. */
  readonly interOpParallelismThreads?: number | undefined;
  readonly logDevicePlacement?: boolean | undefined;
}

/** The machine, as far as threads depend on it. */
export interface Processors {
  readonly processors: number;
  readonly gpus: number;
}

/**
 * The configuration with processors shared out among logical CPU devices. They compute at the same time, but TensorFlow gives each op of each of them
 * as many threads as the machine has processors: they then wait for each other's. What was set stays.
 */
export function withSharedThreads(
  configuration: ContextConfiguration,
  machine: () => Processors,
): ContextConfiguration {
  const { cpuDevices = 1, intraOpParallelismThreads } = configuration;
  if (cpuDevices < 2 || intraOpParallelismThreads !== undefined) return configuration;
  const { processors, gpus } = machine();
  if (gpus > 0) return configuration;
  return { ...configuration, intraOpParallelismThreads: Math.max(1, Math.floor(processors / cpuDevices)) };
}

/** The ConfigProto of a configuration, as a message value. */
function configProtoValue(configuration: ContextConfiguration): MessageValue {
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
  };
}

export function encodeConfigProto(messages: Messages, configuration: ContextConfiguration): Uint8Array {
  return messages.encode('ConfigProto', configProtoValue(configuration));
}
