/** The devices of the logical engine: as many as a strategy requests, all on one TensorFlow.js backend. Pure. */
import type { Device, DeviceRequest } from '../../distribute/device.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

const DEVICE_NUMBER = /^(?:\/?(?:[a-z]+:[a-z0-9]+\/)*(?:device:)?(?:logical|cpu|gpu|xla_cpu|xla_gpu):)?(\d+)$/i;

/** Makes the logical device with a number. */
export function logicalDevice(index: number): Device {
  return { name: `logical:${index}`, type: 'LOGICAL', index };
}

function deviceNumber(device: unknown): number {
  if (typeof device === 'number' && Number.isInteger(device) && device >= 0) return device;
  const match = typeof device === 'string' ? DEVICE_NUMBER.exec(device.trim()) : null;
  if (match !== null) return Number(match[1]);
  // Of undefined and of functions there is no JSON.
  const text = JSON.stringify(device) as string | undefined;
  throw new MirrorscopeError(ErrorCode.UnknownDevice, `${text ?? String(device)} is not a device.`, {
    hint: 'Name devices by number (0), or as in "gpu:0", "/device:GPU:0" or "logical:0".',
  });
}

function invalid(message: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.InvalidArgument, message, {
    hint: 'devices takes a count of 1 or more, or a list of different device numbers or names.',
  });
}

/**
 * Finds the devices that a strategy requests. A request may exceed the devices that exist, because logical devices cost
 * nothing. A name keeps its number: `gpu:1` is `logical:1`.
 *
 * @param request - The request. By default, the devices in `seen`.
 * @param seen - The devices that the engine lists.
 * @returns The devices, in the order of the request.
 * @throws {MirrorscopeError} `UNKNOWN_DEVICE` or `INVALID_ARGUMENT`.
 */
export function resolveLogicalDevices(
  request: DeviceRequest | null | undefined,
  seen: readonly Device[],
): readonly Device[] {
  if (request === undefined || request === null) return seen;
  if (typeof request === 'number') {
    if (!Number.isInteger(request) || request < 1) throw invalid(`A strategy cannot have ${request} devices.`);
    return Array.from({ length: request }, (_, index) => logicalDevice(index));
  }
  if (!Array.isArray(request)) throw invalid(`devices is neither a count nor a list: ${String(request)}.`);
  if (request.length === 0) throw invalid('The list of devices is empty.');
  const numbers = request.map(deviceNumber);
  const repeated = numbers.find((number, place) => numbers.indexOf(number) !== place);
  if (repeated !== undefined) throw invalid(`Device ${repeated} is listed twice.`);
  return numbers.map(logicalDevice);
}
