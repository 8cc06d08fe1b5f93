/** A device that can hold a replica. Data only. */

/** One device, as an engine names it. */
export interface Device {
  /** The engine's own name, such as `logical:0` or `/job:localhost/replica:0/task:0/device:GPU:0`. */
  readonly name: string;
  /** Its kind, such as `LOGICAL`, `CPU` or `GPU`. */
  readonly type: string;
  /** Its number among the devices of its kind. */
  readonly index: number;
}

/** What a strategy may be given: how many devices, or which, by number or name. */
export type DeviceRequest = number | readonly (number | string)[];
