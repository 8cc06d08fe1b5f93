/**
 * Every way in which mirrorscope can fail. Scripts can rely on the values, which never change. Data only. A new code
 * needs a hint in `error-hints-table.ts` and a section in docs/errors.md.
 */
export enum ErrorCode {
  /** The command line or the value of an option is wrong. */
  Usage = 'USAGE',
  /** A configuration file cannot be read or does not follow the published schema. */
  Configuration = 'CONFIGURATION',
  /** A file cannot be read or written. */
  FileAccess = 'FILE_ACCESS',
  /** A file is not valid UTF-8. */
  Encoding = 'ENCODING',
  /** A source file does not parse. */
  Syntax = 'SYNTAX',
  /** A source file is too large to be analyzed. */
  TooLarge = 'TOO_LARGE',
  /** A bug in mirrorscope. The original file is kept. */
  Internal = 'INTERNAL',
  /** Files that would be written have uncommitted changes. */
  DirtyWorkingTree = 'DIRTY_WORKING_TREE',
  /** A function was called with an invalid argument. */
  InvalidArgument = 'INVALID_ARGUMENT',
  /** A strategy, scope or replica context was used where it is not allowed. */
  StrategyMisuse = 'STRATEGY_MISUSE',
  /** A device does not exist. */
  UnknownDevice = 'UNKNOWN_DEVICE',
  /** The selected engine is not available on this machine. */
  EngineUnavailable = 'ENGINE_UNAVAILABLE',
  /** One replica of a step failed. */
  ReplicaFailed = 'REPLICA_FAILED',
  /** Replicas waited too long for each other. */
  CollectiveTimeout = 'COLLECTIVE_TIMEOUT',
  /** The description of a cluster is malformed, or this process is no task of it. */
  ClusterConfiguration = 'CLUSTER_CONFIGURATION',
  /** The processes of a cluster did not find each other. */
  ClusterStart = 'CLUSTER_START',
  /** A process of a cluster ended, stopped or does not answer. */
  WorkerLost = 'WORKER_LOST',
  /** The processes of a cluster run different programs. */
  WorkersDiffer = 'WORKERS_DIFFER',
  /** A worker could not be started. */
  LaunchFailed = 'LAUNCH_FAILED',
  /** The backups of a training run are damaged, or belong to another run. */
  BackupUnusable = 'BACKUP_UNUSABLE',
  /** TensorFlow reported an error. */
  TensorFlow = 'TENSORFLOW',
  /** XLA reported an error. */
  Xla = 'XLA',
  /** No Python interpreter was found, or it has no TensorFlow. */
  PythonUnavailable = 'PYTHON_UNAVAILABLE',
  /** A migrated Python file does not compile, or does not train as before. The old text is kept. */
  VerificationFailed = 'VERIFICATION_FAILED',
  /** A weights file is not HDF5. */
  NotHdf5 = 'NOT_HDF5',
  /** A weights file is HDF5, but its layout cannot be converted. */
  WeightsLayout = 'WEIGHTS_LAYOUT',
  /** A weights file contains several nested models, and each could be the template. */
  AmbiguousTemplate = 'AMBIGUOUS_TEMPLATE',
}
