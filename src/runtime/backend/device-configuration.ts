/**
 * `config`: which devices TensorFlow uses and how, in the words of `tf.config`. Settings are kept until TensorFlow starts;
 * afterwards they can only be read. Touches the session.
 * Source: https://www.tensorflow.org/api_docs/python/tf/config
 */
import type { LogicalDeviceConfiguration } from '../tensorflow/context-configuration.js';
import type { RuntimeSession } from '../tensorflow/runtime-session.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { countGpus } from '../tensorflow/gpu-count.js';

/** The kinds of device. */
export type DeviceType = 'CPU' | 'GPU';

/** A device of the machine, before it is divided into logical devices. */
export interface PhysicalDevice {
  /** `/physical_device:GPU:0` */
  readonly name: string;
  readonly deviceType: DeviceType;
}

/** A device that ops can be placed on. */
export interface LogicalDevice {
  /** `/device:GPU:0` */
  readonly name: string;
  readonly deviceType: string;
}

function requireCount(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 0) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `${what} takes a whole number of 0 or more; it was given ${String(value)}.`,
    );
  }
}

/** Number of threads that TensorFlow uses. 0 lets it choose. */
export class ThreadingConfiguration {
  readonly #session: RuntimeSession;

  constructor(session: RuntimeSession) {
    this.#session = session;
  }

  /** Threads within one op, such as a matrix product. @throws MirrorscopeError after start-up. */
  setIntraOpParallelismThreads(threads: number): void {
    requireCount(threads, 'setIntraOpParallelismThreads');
    this.#session.configure({ intraOpParallelismThreads: threads }, 'Intra op parallelism');
  }

  getIntraOpParallelismThreads(): number {
    return this.#session.configuration.intraOpParallelismThreads ?? 0;
  }

  /** Threads between independent ops of a function. @throws MirrorscopeError after start-up. */
  setInterOpParallelismThreads(threads: number): void {
    requireCount(threads, 'setInterOpParallelismThreads');
    this.#session.configure({ interOpParallelismThreads: threads }, 'Inter op parallelism');
  }

  getInterOpParallelismThreads(): number {
    return this.#session.configuration.interOpParallelismThreads ?? 0;
  }
}

/** The counterpart of Python's `tf.config`. */
export class DeviceConfiguration {
  readonly #session: RuntimeSession;
  /** Threads of ops. */
  readonly threading: ThreadingConfiguration;
  #physical: readonly PhysicalDevice[] | undefined;

  constructor(session: RuntimeSession) {
    this.#session = session;
    this.threading = new ThreadingConfiguration(session);
  }

  /** The devices of this machine that TensorFlow can use. Does not start it. */
  listPhysicalDevices(deviceType?: DeviceType): PhysicalDevice[] {
    this.#physical ??= this.#findPhysicalDevices();
    return this.#physical.filter((device) => deviceType === undefined || device.deviceType === deviceType);
  }

  #findPhysicalDevices(): PhysicalDevice[] {
    const { files } = this.#session.located;
    const gpus = files ? countGpus(files) : 0;
    return [
      { name: '/physical_device:CPU:0', deviceType: 'CPU' },
      ...Array.from({ length: gpus }, (_unused, index) => ({
        name: `/physical_device:GPU:${index}`,
        deviceType: 'GPU' as const,
      })),
    ];
  }

  /** The devices that ops can be placed on. Starts TensorFlow. */
  listLogicalDevices(deviceType?: DeviceType): LogicalDevice[] {
    return this.#session.context.devices
      .filter((device) => deviceType === undefined || device.type === deviceType)
      .map((device) => ({
        name: `/device:${device.name.split('/device:')[1] ?? device.name}`,
        deviceType: device.type,
      }));
  }

  /** The physical devices that TensorFlow may use. */
  getVisibleDevices(deviceType?: DeviceType): PhysicalDevice[] {
    const gpus = this.#session.configuration.visibleGpus;
    return this.listPhysicalDevices(deviceType).filter(
      (device) => device.deviceType !== 'GPU' || gpus === undefined || gpus.includes(this.#ordinal(device)),
    );
  }

  /**
   * Restricts TensorFlow to some devices. An empty list with `GPU` hides every GPU.
   * @throws MirrorscopeError `UNKNOWN_DEVICE`, `INVALID_ARGUMENT` after start-up or when every CPU would be hidden.
   */
  setVisibleDevices(devices: PhysicalDevice | readonly PhysicalDevice[], deviceType?: DeviceType): void {
    const list = (Array.isArray(devices) ? devices : [devices]) as readonly PhysicalDevice[];
    for (const device of list) {
      this.#ordinal(device);
      if (deviceType !== undefined && device.deviceType !== deviceType) {
        throw new MirrorscopeError(
          ErrorCode.InvalidArgument,
          `Unrecognized device ${device.name}: it is no ${deviceType}.`,
        );
      }
    }
    if (deviceType !== 'GPU' && !list.some((device) => device.deviceType === 'CPU')) {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'TensorFlow cannot run without its CPU device.', {
        hint: "Pass 'GPU' as the device type to choose among GPUs only.",
      });
    }
    if (deviceType === 'CPU') return;
    const gpus = list.filter((device) => device.deviceType === 'GPU').map((device) => this.#ordinal(device));
    this.#session.configure({ visibleGpus: gpus }, 'Visible devices');
  }

  /**
   * Divides a physical device into logical devices, one for each entry. A memory limit (MiB) is for GPUs.
   * @throws MirrorscopeError `UNKNOWN_DEVICE`, or `INVALID_ARGUMENT` after start-up, for no entry, or for a limit on a CPU.
   */
  setLogicalDeviceConfiguration(device: PhysicalDevice, logicalDevices: readonly LogicalDeviceConfiguration[]): void {
    const ordinal = this.#ordinal(device);
    if (logicalDevices.length === 0)
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'A physical device has at least one logical device.');
    if (device.deviceType === 'CPU') {
      if (logicalDevices.some(({ memoryLimit }) => memoryLimit !== undefined)) {
        throw new MirrorscopeError(
          ErrorCode.InvalidArgument,
          'Setting memory limit on CPU virtual devices is currently not supported.',
        );
      }
      this.#session.configure({ cpuDevices: logicalDevices.length }, 'Virtual devices');
      return;
    }
    if (this.getMemoryGrowth(device))
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        'Cannot set memory growth on device when virtual devices configured.',
      );
    const gpuDevices = this.listPhysicalDevices('GPU').map((gpu, index) =>
      index === ordinal ? logicalDevices : (this.#session.configuration.gpuDevices?.[this.#ordinal(gpu)] ?? []),
    );
    this.#session.configure({ gpuDevices }, 'Virtual devices');
  }

  /** What {@link setLogicalDeviceConfiguration} set, or undefined. */
  getLogicalDeviceConfiguration(device: PhysicalDevice): readonly LogicalDeviceConfiguration[] | undefined {
    const ordinal = this.#ordinal(device);
    if (device.deviceType === 'GPU') return this.#session.configuration.gpuDevices?.[ordinal];
    const count = this.#session.configuration.cpuDevices;
    return count === undefined ? undefined : Array.from({ length: count }, () => ({}));
  }

  /**
   * Lets TensorFlow take GPU memory as it needs it, instead of nearly all of it at start-up. One setting for all GPUs.
   * @throws MirrorscopeError `UNKNOWN_DEVICE`, or `INVALID_ARGUMENT` for a CPU or after start-up.
   */
  setMemoryGrowth(device: PhysicalDevice, enable: boolean): void {
    this.#ordinal(device);
    if (device.deviceType !== 'GPU')
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'Cannot set memory growth on non-GPU devices.');
    if (this.#session.configuration.gpuDevices)
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        'Cannot set memory growth on device when virtual devices configured.',
      );
    this.#session.configure({ gpuMemoryGrowth: enable }, 'Physical devices');
  }

  getMemoryGrowth(device: PhysicalDevice): boolean {
    this.#ordinal(device);
    return device.deviceType === 'GPU' && (this.#session.configuration.gpuMemoryGrowth ?? false);
  }

  #ordinal(device: PhysicalDevice): number {
    const known = this.listPhysicalDevices().find(({ name }) => name === device.name);
    if (!known) {
      throw new MirrorscopeError(
        ErrorCode.UnknownDevice,
        `Unrecognized device: ${String(device.name)}. There are: ${this.listPhysicalDevices()
          .map(({ name }) => name)
          .join(', ')}.`,
      );
    }
    return Number(known.name.split(':').at(-1));
  }
}
