/**
 * The runtime: `import { MirroredStrategy } from 'mirrorscope'`. Loads no parser, and TensorFlow.js only when a
 * strategy first needs it.
 */
export { ErrorCode } from '../errors/error-code.js';
export { MirrorscopeError, type MirrorscopeErrorOptions } from '../errors/mirrorscope-error.js';
export {
  BACKEND_NAME,
  config,
  describeTensorFlow,
  type DeviceConfiguration,
  type DeviceType,
  type LogicalDevice,
  type LogicalDeviceConfiguration,
  type PhysicalDevice,
  registerBackend,
  type TensorFlowDescription,
  type ThreadingConfiguration,
  useBackend,
  withDevice,
} from './backend/index.js';
export { ClusterResolver } from './cluster/resolvers/cluster-resolver.js';
export { ClusterSpec, type JobAddresses } from './cluster/resolvers/cluster-spec.js';
export { readClusterSpec } from './cluster/resolvers/cluster-spec-file.js';
export {
  KubernetesClusterResolver,
  type KubernetesClusterResolverOptions,
} from './cluster/resolvers/kubernetes-cluster-resolver.js';
export {
  SimpleClusterResolver,
  type SimpleClusterResolverOptions,
} from './cluster/resolvers/simple-cluster-resolver.js';
export { SlurmClusterResolver, type SlurmClusterResolverOptions } from './cluster/resolvers/slurm-cluster-resolver.js';
export {
  TFConfigClusterResolver,
  type TFConfigClusterResolverOptions,
} from './cluster/resolvers/tf-config-cluster-resolver.js';
export { getReplicaContext, getStrategy, hasStrategy, inCrossReplicaContext } from './current-strategy.js';
export { type ApplyGradientsOptions, type DistributedOptimizer } from './distribute/aggregate-gradients.js';
export {
  CollectiveAllReduce,
  CrossDeviceOps,
  HierarchicalCopyAllReduce,
  NcclAllReduce,
  ReductionToOneDevice,
} from './distribute/cross-device-ops.js';
export { type Device, type DeviceRequest } from './distribute/device.js';
export { type DistributedVariable, type VariableOptions } from './distribute/distributed-variable.js';
export { type DistributionStrategy, type ValueContext } from './distribute/distribution-strategy.js';
export { AutoShardPolicy } from './distribute/input/auto-shard-policy.js';
export { DistributedDataset } from './distribute/input/distributed-dataset.js';
export { InputContext } from './distribute/input/input-context.js';
export { shardFiles } from './distribute/input/shard-files.js';
export { datasetFromFiles, withAutoShardPolicy } from './distribute/input/shardable-dataset.js';
export { ReduceOp } from './distribute/reduce-op.js';
export { ReplicaContext, type TensorStructure } from './distribute/replica-context.js';
export { Strategy } from './distribute/strategy.js';
export { DistributedValues, Mirrored, PerReplica } from './distribute/values.js';
export {
  VariableAggregation,
  type VariablePolicy,
  VariableSynchronization,
} from './distribute/variable-aggregation.js';
export { describeEngines, type EngineDescription } from './engines/describe-engines.js';
export { type EngineName } from './engines/engine.js';
export { backupAndRestore, type BackupAndRestoreOptions } from './layers/backup/backup-settings.js';
export { registerLayers, syncBatchNormalization } from './layers/sync-batch-normalization.js';
export {
  MultiWorkerMirroredStrategy,
  type MultiWorkerMirroredStrategyOptions,
} from './multi-worker-mirrored-strategy.js';
export { profile, type ProfileOptions, type ProfileResult } from './profile.js';
export {
  MirroredStrategy,
  type MirroredStrategyOptions,
  OneDeviceStrategy,
  type OneDeviceStrategyOptions,
} from './strategies.js';
export { tfFunction } from './tf-function.js';
export { type BatchNormalizationArguments } from './tfjs/batch-normalization-layer.js';
export { type ChromeTrace, type TraceEvent } from './trace/chrome-trace.js';
export { type CommunicationOptions } from './trace/communication-options.js';
export { variable } from './variable.js';
