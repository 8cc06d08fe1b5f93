/**
 * `config`: which devices TensorFlow uses, and how. Mirrors Python's `tf.config`: settings can be changed until
 * TensorFlow starts, and only read afterwards. Changes the session's settings. Source:
 * https://www.tensorflow.org/api_docs/python/tf/config
 */
import type { LogicalDeviceConfiguration } from '../tensorflow/context-configuration.js';
import type { RuntimeSession } from '../tensorflow/runtime-session.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { countGpus } from '../tensorflow/gpu-count.js';

/** A kind of device. */
export type DeviceType = 'CPU' | 'GPU';

/** A device of the machine. It can be divided into logical devices. */
export interface PhysicalDevice {
  /** Such as `/physical_device:GPU:0`. */
  readonly name: string;
  /** The type of the device. */
  readonly deviceType: DeviceType;
}

/** A device on which ops can run. */
export interface LogicalDevice {
  /** Such as `/device:GPU:0`. */
  readonly name: string;
  /** The type of the device, such as `CPU` or `GPU`. */
  readonly deviceType: string;
}

function requireCount(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 0) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `${what} takes an integer of 0 or more, but got ${String(value)}.`,
    );
  }
}

/** How many threads TensorFlow uses. Mirrors Python's `tf.config.threading`. */
export class ThreadingConfiguration {
  readonly #session: RuntimeSession;

  /** @param session - TensorFlow in this thread. */
  constructor(session: RuntimeSession) {
    this.#session = session;
  }

  /**
   * Sets how many threads one op, such as a matrix product, may use.
   *
   * @param threads - The number; 0 lets TensorFlow choose.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` for a number that is negative or not an integer, and once TensorFlow
   *   has started.
   */
  setIntraOpParallelismThreads(threads: number): void {
    requireCount(threads, 'setIntraOpParallelismThreads');
    this.#session.configure({ intraOpParallelismThreads: threads }, 'Intra op parallelism');
  }

  /**
   * Returns how many threads one op may use.
   *
   * @returns The number; 0 when TensorFlow chooses.
   */
  getIntraOpParallelismThreads(): number {
    return this.#session.configuration.intraOpParallelismThreads ?? 0;
  }

  /**
   * Sets how many independent ops of a function may run side by side.
   *
   * @param threads - The number; 0 lets TensorFlow choose.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` for a number that is negative or not an integer, and once TensorFlow
   *   has started.
   */
  setInterOpParallelismThreads(threads: number): void {
    requireCount(threads, 'setInterOpParallelismThreads');
    this.#session.configure({ interOpParallelismThreads: threads }, 'Inter op parallelism');
  }

  /**
   * Returns how many independent ops may run side by side.
   *
   * @returns The number; 0 when TensorFlow chooses.
   */
  getInterOpParallelismThreads(): number {
    return this.#session.configuration.interOpParallelismThreads ?? 0;
  }
}

/**
 * Devices and their settings. Mirrors Python's `tf.config`.
 *
 * @example
 * ```ts
 * import { config } from 'mirrorscope/node';
 *
 * const [cpu] = config.listPhysicalDevices('CPU');
 * if (cpu) config.setLogicalDeviceConfiguration(cpu, [{}, {}]);
 * console.log(config.listLogicalDevices()); // CPU:0 and CPU:1
 * ```
 */
export class DeviceConfiguration {
  readonly #session: RuntimeSession;
  /** How many threads ops use. */
  readonly threading: ThreadingConfiguration;
  #physical: readonly PhysicalDevice[] | undefined;

  /** @param session - TensorFlow in this thread. */
  constructor(session: RuntimeSession) {
    this.#session = session;
    this.threading = new ThreadingConfiguration(session);
  }

  /**
   * Lists the devices of this machine that TensorFlow can use, without starting TensorFlow.
   *
   * @param deviceType - Lists only devices of this type.
   * @returns The devices.
   */
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

  /**
   * Lists the devices on which ops can run. Starts TensorFlow, which fixes the settings.
   *
   * @param deviceType - Lists only devices of this type.
   * @returns The devices.
   * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when there is no usable TensorFlow library.
   */
  listLogicalDevices(deviceType?: DeviceType): LogicalDevice[] {
    return this.#session.context.devices
      .filter((device) => deviceType === undefined || device.type === deviceType)
      .map((device) => ({
        name: `/device:${device.name.split('/device:')[1] ?? device.name}`,
        deviceType: device.type,
      }));
  }

  /**
   * Lists the physical devices that TensorFlow may use.
   *
   * @param deviceType - Lists only devices of this type.
   * @returns The devices.
   */
  getVisibleDevices(deviceType?: DeviceType): PhysicalDevice[] {
    const gpus = this.#session.configuration.visibleGpus;
    return this.listPhysicalDevices(deviceType).filter(
      (device) => device.deviceType !== 'GPU' || gpus === undefined || gpus.includes(this.#ordinal(device)),
    );
  }

  /**
   * Restricts TensorFlow to some devices.
   *
   * @param devices - The devices that TensorFlow may use.
   * @param deviceType - Restricts only devices of this type. An empty list with `GPU` hides every GPU.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` for a device that this machine does not have; `INVALID_ARGUMENT` for a
   *   device of another type, when no CPU would be visible, and once TensorFlow has started.
   */
  setVisibleDevices(devices: PhysicalDevice | readonly PhysicalDevice[], deviceType?: DeviceType): void {
    const list = (Array.isArray(devices) ? devices : [devices]) as readonly PhysicalDevice[];
    for (const device of list) {
      this.#ordinal(device);
      if (deviceType !== undefined && device.deviceType !== deviceType) {
        throw new MirrorscopeError(ErrorCode.InvalidArgument, `Device ${device.name} is not a ${deviceType}.`);
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
   * Divides a physical device into logical devices.
   *
   * @param device - The physical device.
   * @param logicalDevices - One entry per logical device. A memory limit, in MiB, is allowed only for a GPU.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` for a device that this machine does not have; `INVALID_ARGUMENT` for an
   *   empty list, for a limit on a CPU, for a GPU with memory growth, and once TensorFlow has started.
   */
  setLogicalDeviceConfiguration(device: PhysicalDevice, logicalDevices: readonly LogicalDeviceConfiguration[]): void {
    const ordinal = this.#ordinal(device);
    if (logicalDevices.length === 0)
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'A physical device must have at least one logical device.');
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

  /**
   * Returns how a physical device is divided.
   *
   * @param device - The physical device.
   * @returns What {@link setLogicalDeviceConfiguration} set, or undefined when it was not called.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` for a device that this machine does not have.
   */
  getLogicalDeviceConfiguration(device: PhysicalDevice): readonly LogicalDeviceConfiguration[] | undefined {
    const ordinal = this.#ordinal(device);
    if (device.deviceType === 'GPU') return this.#session.configuration.gpuDevices?.[ordinal];
    const count = this.#session.configuration.cpuDevices;
    return count === undefined ? undefined : Array.from({ length: count }, () => ({}));
  }

  /**
   * Makes TensorFlow allocate GPU memory as it needs it, instead of nearly all of it at the start. Applies to all GPUs.
   *
   * @param device - A GPU.
   * @param enable - Whether memory grows.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` for a device that this machine does not have; `INVALID_ARGUMENT` for a
   *   CPU, for GPUs with several logical devices, and once TensorFlow has started.
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

  /**
   * Tells whether TensorFlow allocates GPU memory as it needs it.
   *
   * @param device - A device.
   * @returns True when {@link setMemoryGrowth} enabled it; always false for a CPU.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` for a device that this machine does not have.
   */
  getMemoryGrowth(device: PhysicalDevice): boolean {
    this.#ordinal(device);
    return device.deviceType === 'GPU' && (this.#session.configuration.gpuMemoryGrowth ?? false);
  }

  #ordinal(device: PhysicalDevice): number {
    const known = this.listPhysicalDevices().find(({ name }) => name === device.name);
    if (!known) {
      throw new MirrorscopeError(
        ErrorCode.UnknownDevice,
        `There is no device ${device.name}. Choose from: ${this.listPhysicalDevices()
          .map(({ name }) => name)
          .join(', ')}.`,
      );
    }
    return Number(known.name.split(':').at(-1));
  }
}
