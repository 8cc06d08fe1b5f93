/** A device that can hold a replica. Data only. */

/** One device, as an engine names it. */
export interface Device {
  /** The engine's name for it, such as `logical:0` or `/job:localhost/replica:0/task:0/device:GPU:0`. */
  readonly name: string;
  /** Its kind, such as `LOGICAL`, `CPU` or `GPU`. */
  readonly type: string;
  /** Its number among the devices of its kind, from 0. */
  readonly index: number;
}

/** The devices that a user requests: their count, or a list of their numbers or names. */
export type DeviceRequest = number | readonly (number | string)[];
