/**
 * Every way in which mirrorscope can fail, as a stable name that scripts may compare with.
 * Touches nothing: data only. Add a code here and its hint in `error-hints-table.ts`.
 */
export enum ErrorCode {
  /** The command line or an option value cannot be understood. */
  Usage = 'USAGE',
  /** A configuration file does not follow the published schema. */
  Configuration = 'CONFIGURATION',
  /** A file could not be read, decoded or written. */
  FileAccess = 'FILE_ACCESS',
  /** A file is not valid UTF-8 and was left alone. */
  Encoding = 'ENCODING',
  /** A source file could not be parsed. */
  Syntax = 'SYNTAX',
  /** The tool produced something wrong and kept the original: our bug. */
  Internal = 'INTERNAL',
  /** Files to be written have uncommitted changes. */
  DirtyWorkingTree = 'DIRTY_WORKING_TREE',
  /** A function was called with an argument that it does not take. */
  InvalidArgument = 'INVALID_ARGUMENT',
  /** A strategy, scope or replica context was used where it is not allowed. */
  StrategyMisuse = 'STRATEGY_MISUSE',
  /** A named device does not exist. */
  UnknownDevice = 'UNKNOWN_DEVICE',
  /** An engine that was asked for is not available here. */
  EngineUnavailable = 'ENGINE_UNAVAILABLE',
  /** One replica of a step failed. */
  ReplicaFailed = 'REPLICA_FAILED',
  /** Replicas waited too long for each other. */
  CollectiveTimeout = 'COLLECTIVE_TIMEOUT',
  /** TensorFlow reported an error. */
  TensorFlow = 'TENSORFLOW',
  /** No Python interpreter was found, or it has no TensorFlow, where one is needed. */
  PythonUnavailable = 'PYTHON_UNAVAILABLE',
  /** A migrated Python file did not compile, or did not train as the old one did; the old text stays. */
  VerificationFailed = 'VERIFICATION_FAILED',
  /** A weights file is not HDF5. */
  NotHdf5 = 'NOT_HDF5',
  /** A weights file is HDF5, but not in a layout that can be converted. */
  WeightsLayout = 'WEIGHTS_LAYOUT',
  /** A weights file holds several nested models, any of which could be the template. */
  AmbiguousTemplate = 'AMBIGUOUS_TEMPLATE',
}
