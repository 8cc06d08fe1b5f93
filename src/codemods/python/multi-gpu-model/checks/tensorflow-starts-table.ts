/**
 * The calls that start TensorFlow: the first one fixes the devices and the cluster of a process. Data only; a script
 * that calls each in a fresh process of TensorFlow 2.21 told which ones do. Seeds, device lists and layers do not.
 */
const TENSORFLOW = String.raw`^tensorflow\.(?:compat\.v[12]\.)?`;
const KERAS = String.raw`^(?:tensorflow\.(?:compat\.v[12]\.|python\.)?keras|keras|tf_keras)\.`;

/** Match the origins of the callees. */
export const TENSORFLOW_STARTS: readonly RegExp[] = [
  new RegExp(
    `${TENSORFLOW}(?:Variable|cast|concat|constant|convert_to_tensor|device|eye|expand_dims|fill|global_variables_initializer|linspace|matmul|one_hot|ones|print|range|reduce_\\w+|reshape|stack|zeros)$`,
  ),
  new RegExp(`${TENSORFLOW}random\\.(?:categorical|gamma|normal|poisson|shuffle|truncated_normal|uniform)$`),
  new RegExp(`${TENSORFLOW}config\\.(?:experimental\\.)?list_logical_devices$`),
  new RegExp(`${TENSORFLOW}data\\.(?:Dataset\\.\\w+|\\w+Dataset)$`),
  new RegExp(`${TENSORFLOW}(?:image|linalg|math|nn)\\.[a-z]\\w+$`),
  new RegExp(`${TENSORFLOW}summary\\.create_file_writer$`),
  new RegExp(`${TENSORFLOW}distribute\\.(?:MirroredStrategy|OneDeviceStrategy)$`),
  new RegExp(`${KERAS}(?:models\\.|engine\\.(?:training|sequential)\\.)?(?:Model|Sequential)$`),
  new RegExp(`${KERAS}models\\.(?:clone_model|load_model|model_from_\\w+)$`),
  new RegExp(`${KERAS}applications\\.(?:\\w+\\.)*[A-Z]\\w+$`),
  new RegExp(`${KERAS}optimizers\\.[A-Z]\\w+$`),
  new RegExp(`${KERAS}metrics\\.[A-Z]\\w+$`),
  new RegExp(`${KERAS}backend\\.(?:constant|ones|random_\\w+|variable|zeros)$`),
];
