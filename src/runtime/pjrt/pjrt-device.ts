/** The devices of a PJRT client. Calls the C API. */
import type { PluginApi } from './plugin-api.js';

/** A device that this process can use. */
export interface PjrtDevice {
  /** Address of the `PJRT_Device`. */
  readonly pointer: number;
  /** The number by which compiled programs name it. */
  readonly id: number;
  /** Its position among the devices of this process, from 0. */
  readonly index: number;
  /** The vendor's name of the model, such as `NVIDIA H200`. */
  readonly kind: string;
}

/** The memory of a device. */
export interface DeviceMemory {
  readonly bytesInUse: number;
  /** Undefined where the plugin does not say. */
  readonly bytesLimit: number | undefined;
}

/**
 * Lists the devices of a client.
 *
 * @param api - Calls the plugin.
 * @param client - Address of the client.
 * @returns The devices that this process can use.
 */
export function listDevices(api: PluginApi, client: number): PjrtDevice[] {
  const listed = api.call('PJRT_Client_AddressableDevices', { client });
  const count = listed.get('num_addressable_devices');
  const pointers = new BigUint64Array(api.copy(listed.get('addressable_devices'), 8 * count).buffer);
  return Array.from(pointers, (address, index) => {
    const pointer = Number(address);
    const description = api.call('PJRT_Device_GetDescription', { device: pointer }).get('device_description');
    const id = api.call('PJRT_DeviceDescription_Id', { device_description: description }).get('id');
    const kind = api.call('PJRT_DeviceDescription_Kind', { device_description: description });
    return { pointer, id, index, kind: api.text(kind.get('device_kind'), kind.get('device_kind_size')) };
  });
}

/**
 * Asks how much memory of a device is in use.
 *
 * @param api - Calls the plugin.
 * @param device - The device.
 * @returns The memory; undefined where the plugin does not say, as on CPUs.
 */
export function memoryOf(api: PluginApi, device: PjrtDevice): DeviceMemory | undefined {
  try {
    const stats = api.call('PJRT_Device_MemoryStats', { device: device.pointer });
    const hasLimit = stats.get('bytes_limit_is_set') !== 0;
    return { bytesInUse: stats.get('bytes_in_use'), bytesLimit: hasLimit ? stats.get('bytes_limit') : undefined };
  } catch {
    return undefined;
  }
}
