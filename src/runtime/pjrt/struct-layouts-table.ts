/**
 * The structs of the PJRT C API that the runtime passes to a plugin, with the version of the API that added a field.
 * Data only. Source: xla/pjrt/c/pjrt_c_api.h and the change log beside it. Every struct begins with its size and a
 * pointer to extensions, which are not repeated here. Each field takes eight bytes, except for a short last one.
 */

/** A field, or a field with the minor version that added it. */
export type StructField = string | readonly [name: string, since: number];

/** The fields of one struct. */
export interface StructDeclaration {
  readonly fields: readonly StructField[];
  /** The bytes of the last field. Default: 8. */
  readonly lastBytes?: number;
}

/** A function, and the struct of its arguments. */
export interface FunctionDeclaration extends StructDeclaration {
  /** Its place in the table of function pointers. */
  readonly index: number;
}

function fn(index: number, fields: readonly StructField[], lastBytes = 8): FunctionDeclaration {
  return { index, fields, lastBytes };
}

/** The oldest minor version of which the table of functions is known: 0.57 moved its entries. */
export const OLDEST_MINOR_VERSION = 58;

/** The only major version. */
export const MAJOR_VERSION = 0;

/** The bytes of `PJRT_Api` before the function pointers: size, extensions, and the struct of the version. */
export const FUNCTIONS_OFFSET = 40;

export const PJRT_FUNCTIONS = {
  PJRT_Error_Destroy: fn(0, ['error']),
  PJRT_Error_Message: fn(1, ['error', 'message', 'message_size']),
  PJRT_Error_GetCode: fn(2, ['error', 'code'], 4),
  PJRT_Plugin_Initialize: fn(3, []),
  PJRT_Event_Destroy: fn(5, ['event']),
  PJRT_Event_IsReady: fn(6, ['event', 'is_ready'], 1),
  PJRT_Event_Await: fn(8, ['event']),
  PJRT_Client_Create: fn(10, [
    'create_options',
    'num_options',
    'kv_get_callback',
    'kv_get_user_arg',
    'kv_put_callback',
    'kv_put_user_arg',
    'client',
    ['kv_try_get_callback', 61],
    ['kv_try_get_user_arg', 61],
  ]),
  PJRT_Client_Destroy: fn(11, ['client']),
  PJRT_Client_PlatformName: fn(12, ['client', 'platform_name', 'platform_name_size']),
  PJRT_Client_PlatformVersion: fn(14, ['client', 'platform_version', 'platform_version_size']),
  PJRT_Client_AddressableDevices: fn(16, ['client', 'addressable_devices', 'num_addressable_devices']),
  PJRT_Client_Compile: fn(20, ['client', 'program', 'compile_options', 'compile_options_size', 'executable']),
  PJRT_Client_BufferFromHostBuffer: fn(22, [
    'client',
    'data',
    'type',
    'dims',
    'num_dims',
    'byte_strides',
    'num_byte_strides',
    'host_buffer_semantics',
    'device',
    'memory',
    'device_layout',
    'done_with_host_buffer',
    'buffer',
  ]),
  PJRT_DeviceDescription_Id: fn(23, ['device_description', 'id'], 4),
  PJRT_DeviceDescription_Kind: fn(26, ['device_description', 'device_kind', 'device_kind_size']),
  PJRT_Device_GetDescription: fn(29, ['device', 'device_description']),
  PJRT_Device_DefaultMemory: fn(33, ['device', 'memory']),
  PJRT_Device_MemoryStats: fn(
    34,
    [
      'device',
      'bytes_in_use',
      'peak_bytes_in_use',
      'peak_bytes_in_use_is_set',
      'num_allocs',
      'num_allocs_is_set',
      'largest_alloc_size',
      'largest_alloc_size_is_set',
      'bytes_limit',
      'bytes_limit_is_set',
      'bytes_reserved',
      'bytes_reserved_is_set',
      'peak_bytes_reserved',
      'peak_bytes_reserved_is_set',
      'bytes_reservable_limit',
      'bytes_reservable_limit_is_set',
      'largest_free_block_bytes',
      'largest_free_block_bytes_is_set',
      'pool_bytes',
      'pool_bytes_is_set',
      'peak_pool_bytes',
      'peak_pool_bytes_is_set',
    ],
    1,
  ),
  PJRT_Executable_Destroy: fn(40, ['executable']),
  PJRT_Executable_NumOutputs: fn(44, ['executable', 'num_outputs']),
  PJRT_Executable_Serialize: fn(49, [
    'executable',
    'serialized_bytes',
    'serialized_bytes_size',
    'serialized_executable',
    'serialized_executable_deleter',
  ]),
  PJRT_LoadedExecutable_Destroy: fn(50, ['executable']),
  PJRT_LoadedExecutable_GetExecutable: fn(51, ['loaded_executable', 'executable']),
  PJRT_LoadedExecutable_Execute: fn(55, [
    'executable',
    'options',
    'argument_lists',
    'num_devices',
    'num_args',
    'output_lists',
    'device_complete_events',
    'execute_device',
  ]),
  PJRT_Executable_DeserializeAndLoad: fn(56, [
    'client',
    'serialized_executable',
    'serialized_executable_size',
    'loaded_executable',
    ['overridden_serialized_compile_options', 71],
    ['overridden_serialized_compile_options_size', 71],
  ]),
  PJRT_Client_CreateErrorBuffer: fn(118, [
    'client',
    'error_code',
    'error_message',
    'error_message_size',
    'shape_dims',
    'shape_num_dims',
    'shape_element_type',
    'shape_layout',
    'memory',
    'buffer',
    ['payload', 103],
    ['num_payload', 103],
  ]),
  PJRT_Buffer_Destroy: fn(58, ['buffer']),
  PJRT_Buffer_OnDeviceSizeInBytes: fn(64, ['buffer', 'on_device_size_in_bytes']),
  PJRT_Buffer_CopyToDevice: fn(69, ['buffer', 'dst_device', 'dst_buffer']),
  PJRT_Buffer_ToHostBuffer: fn(70, ['src', 'host_layout', 'dst', 'dst_size', 'event']),
} as const satisfies Readonly<Record<string, FunctionDeclaration>>;

/** The structs that arguments point to. */
export const PJRT_STRUCTS = {
  PJRT_Program: { fields: ['code', 'code_size', 'format', 'format_size'] },
  PJRT_NamedValue: { fields: ['name', 'name_size', 'type', 'value', 'value_size'] },
  PJRT_ExecuteOptions: {
    fields: [
      'send_callbacks',
      'recv_callbacks',
      'num_send_ops',
      'num_recv_ops',
      'launch_id',
      'non_donatable_input_indices',
      'num_non_donatable_input_indices',
      ['context', 64],
      ['call_location', 76],
      ['num_tasks', 78],
      ['task_ids', 78],
      ['incarnation_ids', 78],
      ['multi_slice_config', 97],
    ],
  },
} as const satisfies Readonly<Record<string, StructDeclaration>>;

export type PjrtFunction = keyof typeof PJRT_FUNCTIONS;
export type PjrtStruct = keyof typeof PJRT_STRUCTS;
