/** Encodes what PJRT_Client_Compile is told besides the program: a `CompileOptionsProto` of XLA. Pure. */

/** On how many devices a program runs. */
export interface Placement {
  /** Copies of the program that run at the same time, each on its own device. */
  readonly replicas: number;
  /** By default, the plugin chooses the devices. The place in the list is the number of the replica. */
  readonly deviceIds?: readonly number[] | undefined;
}

// Field numbers of xla/pjrt/proto/compile_options.proto and xla/xla_data.proto.
const EXECUTABLE_BUILD_OPTIONS = 3;
const BUILD = { deviceOrdinal: 1, replicas: 4, partitions: 5, deviceAssignment: 9 } as const;
const ASSIGNMENT = { replicas: 1, computations: 2, devices: 3 } as const;
const COMPUTATION_DEVICES = { replicaDeviceIds: 1 } as const;
/** -1 as a varint: not set. */
const NO_DEVICE_ORDINAL = [...Array.from({ length: 9 }, () => 0xff), 0x01];

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 0x80))];
}

function number(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function message(field: number, bytes: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

/**
 * Encodes the options.
 *
 * @param placement - Where the program will run.
 * @returns The bytes of the message.
 */
export function encodeCompileOptions({ replicas, deviceIds }: Placement): Uint8Array {
  const assignment =
    deviceIds === undefined
      ? []
      : message(BUILD.deviceAssignment, [
          ...number(ASSIGNMENT.replicas, replicas),
          ...number(ASSIGNMENT.computations, 1),
          ...message(ASSIGNMENT.devices, message(COMPUTATION_DEVICES.replicaDeviceIds, deviceIds.flatMap(varint))),
        ]);
  const ordinal = [...varint(BUILD.deviceOrdinal * 8), ...NO_DEVICE_ORDINAL];
  const build = [...ordinal, ...number(BUILD.replicas, replicas), ...number(BUILD.partitions, 1), ...assignment];
  return Uint8Array.from(message(EXECUTABLE_BUILD_OPTIONS, build));
}
