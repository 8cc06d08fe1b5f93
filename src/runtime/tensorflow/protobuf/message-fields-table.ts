/**
 * The fields of TensorFlow's protocol buffer messages that the runtime reads or writes, from
 * tensorflow/core/protobuf/{config,cluster,tensorflow_server,meta_graph,saved_model}.proto and
 * tensorflow/core/framework/*.proto, tensorflow/core/util/event.proto. Data only.
 *
 * A field is `[number, type]`. A type is a scalar, `repeated X`, `map<K,V>` or a message of this table.
 */
export type FieldTable = Readonly<Record<string, readonly [number, string]>>;

export const MESSAGE_FIELDS: Readonly<Record<string, FieldTable>> = {
  ConfigProto: {
    device_count: [1, 'map<string,int32>'],
    intra_op_parallelism_threads: [2, 'int32'],
    device_filters: [4, 'repeated string'],
    inter_op_parallelism_threads: [5, 'int32'],
    gpu_options: [6, 'GPUOptions'],
    allow_soft_placement: [7, 'bool'],
    log_device_placement: [8, 'bool'],
    isolate_session_state: [15, 'bool'],
    experimental: [16, 'ConfigProtoExperimental'],
  },
  ConfigProtoExperimental: {
    collective_group_leader: [1, 'string'],
    coordination_config: [23, 'CoordinationServiceConfig'],
  },
  CoordinationServiceConfig: {
    service_type: [1, 'string'],
    service_leader: [2, 'string'],
    enable_health_check: [3, 'bool'],
    cluster_register_timeout_in_ms: [4, 'int64'],
    heartbeat_timeout_in_ms: [5, 'int64'],
    shutdown_barrier_timeout_in_ms: [7, 'int64'],
    coordinated_job_list: [10, 'repeated CoordinatedJob'],
    cluster_register_with_barrier: [14, 'bool'],
  },
  CoordinatedJob: { name: [1, 'string'], num_tasks: [2, 'int32'] },
  GPUOptions: {
    per_process_gpu_memory_fraction: [1, 'double'],
    allow_growth: [4, 'bool'],
    visible_device_list: [5, 'string'],
    experimental: [9, 'GPUOptionsExperimental'],
  },
  GPUOptionsExperimental: { virtual_devices: [1, 'repeated VirtualDevices'] },
  VirtualDevices: { memory_limit_mb: [1, 'repeated float'] },

  JobDef: { name: [1, 'string'], tasks: [2, 'map<int32,string>'] },
  ClusterDef: { job: [1, 'repeated JobDef'] },
  ServerDef: {
    cluster: [1, 'ClusterDef'],
    job_name: [2, 'string'],
    task_index: [3, 'int32'],
    default_session_config: [4, 'ConfigProto'],
    protocol: [5, 'string'],
    port: [6, 'int32'],
  },

  SavedModel: { saved_model_schema_version: [1, 'int64'], meta_graphs: [2, 'repeated MetaGraphDef'] },
  MetaGraphDef: { meta_info_def: [1, 'MetaInfoDef'], signature_def: [5, 'map<string,SignatureDef>'] },
  MetaInfoDef: { tags: [4, 'repeated string'], tensorflow_version: [5, 'string'] },
  SignatureDef: {
    inputs: [1, 'map<string,TensorInfo>'],
    outputs: [2, 'map<string,TensorInfo>'],
    method_name: [3, 'string'],
  },
  TensorInfo: { name: [1, 'string'], dtype: [2, 'int32'], tensor_shape: [3, 'TensorShapeProto'] },
  TensorShapeProto: { dim: [2, 'repeated TensorShapeDim'], unknown_rank: [3, 'bool'] },
  TensorShapeDim: { size: [1, 'int64'], name: [2, 'string'] },

  OpDef: { name: [1, 'string'], input_arg: [2, 'repeated OpArgDef'], attr: [4, 'repeated OpAttrDef'] },
  OpAttrDef: { name: [1, 'string'], minimum: [6, 'int64'] },
  OpArgDef: { name: [1, 'string'], number_attr: [5, 'string'], type_list_attr: [6, 'string'] },

  AttrValue: { list: [1, 'AttrListValue'], type: [6, 'int32'], shape: [7, 'TensorShapeProto'] },
  AttrListValue: { type: [6, 'repeated int32'], shape: [7, 'repeated TensorShapeProto'] },

  RunMetadata: { step_stats: [1, 'StepStats'] },
  StepStats: { dev_stats: [1, 'repeated DeviceStepStats'] },
  DeviceStepStats: { device: [1, 'string'], node_stats: [2, 'repeated NodeExecStats'] },
  NodeExecStats: {
    node_name: [1, 'string'],
    all_start_micros: [2, 'int64'],
    op_start_rel_micros: [3, 'int64'],
    op_end_rel_micros: [4, 'int64'],
    all_end_rel_micros: [5, 'int64'],
    timeline_label: [8, 'string'],
  },

  Event: { wall_time: [1, 'double'], step: [2, 'int64'], file_version: [3, 'string'], summary: [5, 'Summary'] },
  Summary: { value: [1, 'repeated SummaryValue'] },
  SummaryValue: {
    tag: [1, 'string'],
    simple_value: [2, 'float'],
    metadata: [9, 'SummaryMetadata'],
    tensor: [8, 'TensorProto'],
  },
  SummaryMetadata: { plugin_data: [1, 'PluginData'] },
  PluginData: { plugin_name: [1, 'string'], content: [2, 'bytes'] },
  TensorProto: {
    dtype: [1, 'int32'],
    tensor_shape: [2, 'TensorShapeProto'],
    tensor_content: [4, 'bytes'],
    float_val: [5, 'repeated float'],
    double_val: [6, 'repeated double'],
  },
};
