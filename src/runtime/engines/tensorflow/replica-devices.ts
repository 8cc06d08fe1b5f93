/** Chooses TensorFlow's devices for a strategy, and opens a queue for each. May start TensorFlow. */
import type { Device, DeviceRequest } from '../../distribute/device.js';
import type { Device as NativeDevice, TensorFlowContext } from '../../tensorflow/context.js';
import type { RuntimeSession } from '../../tensorflow/runtime-session.js';
import type { ReplicaDevice } from '../../trace/replica-device.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { EagerExecutor } from '../../tensorflow/eager-executor.js';
import { warnOfStandIns } from '../stand-in-devices.js';

const NAME = /(?:^|[/:])(?:device:)?(cpu|gpu|xla_cpu|xla_gpu|logical):(\d+)$/i;

function toDevice(native: NativeDevice): Device {
  return { name: native.name, type: native.type, index: Number(native.name.split(':').at(-1)) };
}

function unknownDevice(wanted: string, context: TensorFlowContext): MirrorscopeError {
  const names = context.devices.map((device) => device.name.split('/device:')[1]).join(', ');
  return new MirrorscopeError(ErrorCode.UnknownDevice, `There is no device ${wanted}; TensorFlow has ${names}.`, {
    hint:
      'Logical CPU devices are fixed when TensorFlow starts: make the strategy with the most devices first, before any tensor, ' +
      'or call config.setLogicalDeviceConfiguration.',
  });
}

/** The devices of one session. */
export class ReplicaDevices {
  readonly #session: RuntimeSession;
  readonly #replicaDevices = new Map<string, ReplicaDevice>();

  #warned = false;

  constructor(session: RuntimeSession) {
    this.#session = session;
  }

  /** Lists the GPUs; without GPUs, the CPUs. */
  list(): readonly Device[] {
    const { devices } = this.#session.context;
    const gpus = devices.filter(({ type }) => type === 'GPU');
    return (gpus.length > 0 ? gpus : devices.filter(({ type }) => type === 'CPU')).map(toDevice);
  }

  /** Configures as many logical CPU devices as a request needs, unless TensorFlow has started. */
  prepare(request: DeviceRequest | null | undefined): void {
    const wanted = typeof request === 'number' ? request : Array.isArray(request) ? highest(request) + 1 : 1;
    // Until TensorFlow starts, any number of logical CPU devices can be configured.
    if (
      !this.#session.isStarted &&
      this.#session.configuration.cpuDevices === undefined &&
      Number.isInteger(wanted) &&
      wanted > 1
    ) {
      this.#session.configure({ cpuDevices: wanted }, 'Logical devices');
    }
  }

  /** @throws {MirrorscopeError} `UNKNOWN_DEVICE` or `INVALID_ARGUMENT`. */
  resolve(request: DeviceRequest | null | undefined): readonly Device[] {
    // Before TensorFlow starts, since its devices are then fixed.
    checkRequest(request);
    this.prepare(request);
    const available = this.list();
    if (request === undefined || request === null) return available;
    if (typeof request === 'number') return this.#first(request, available);
    const devices = request.map((device: number | string) => this.#named(device, available));
    const repeated = devices.find((device, place) => devices.findIndex(({ name }) => name === device.name) !== place);
    if (repeated !== undefined)
      throw new MirrorscopeError(ErrorCode.InvalidArgument, `Device ${repeated.name} is listed twice.`);
    return devices;
  }

  #first(count: number, available: readonly Device[]): readonly Device[] {
    if (count <= available.length) return available.slice(0, count);
    throw unknownDevice(
      `${available[0]?.type ?? 'CPU'}:${available.length} (${count} were asked for)`,
      this.#session.context,
    );
  }

  #named(device: number | string, available: readonly Device[]): Device {
    const { context } = this.#session;
    if (typeof device === 'number') {
      const found = available.find(({ index }) => index === device);
      if (found !== undefined) return found;
      throw unknownDevice(String(device), context);
    }
    const match = NAME.exec(device.trim());
    const [, type = '', index = ''] = match ?? [];
    const found = context.devices.find(
      (native) => native.name === device || native.name.toUpperCase().endsWith(`:${type}:${index}`.toUpperCase()),
    );
    if (found !== undefined && (match !== null || found.name === device)) return toDevice(found);
    // Code that names GPUs also runs on a machine without GPUs: gpu:1 is its second logical CPU.
    const standsIn =
      match !== null &&
      !context.devices.some((native) => native.type === 'GPU') &&
      available.find((each) => each.index === Number(index));
    if (standsIn) {
      if (!this.#warned) warnOfStandIns('TensorFlow sees no GPU');
      this.#warned = true;
      return standsIn;
    }
    throw unknownDevice(device, context);
  }

  /** Finds the replica device of a device that {@link resolve} returned. */
  replicaDeviceOf(device: Device): ReplicaDevice {
    const known = this.#replicaDevices.get(device.name);
    if (known !== undefined) return known;
    const { context } = this.#session;
    const native = context.resolveDevice(device.name);
    const made = {
      device: native,
      executor: new EagerExecutor(context, { device: native, queue: context.newQueue(true) }),
    };
    this.#replicaDevices.set(device.name, made);
    return made;
  }
}

/** Checks a request without knowing the devices. @throws {MirrorscopeError} `INVALID_ARGUMENT`. */
function checkRequest(request: unknown): void {
  const hint = 'devices takes a count of 1 or more, or a list of different device numbers or names.';
  if (typeof request === 'number' && (!Number.isInteger(request) || request < 1))
    throw new MirrorscopeError(ErrorCode.InvalidArgument, `A strategy cannot have ${request} devices.`, { hint });
  if (request === undefined || request === null || typeof request === 'number') return;
  if (Array.isArray(request) && request.length > 0) return;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, 'devices is neither a count nor a list of devices.', { hint });
}

/** Finds the highest device number in a list of numbers and names. */
function highest(request: readonly (number | string)[]): number {
  return Math.max(
    ...request.map((device) => (typeof device === 'number' ? device : Number(/(?<!\d)\d+$/.exec(device)?.[0] ?? 0))),
  );
}
