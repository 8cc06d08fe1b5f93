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
  /** TensorFlow reported an error. */
  TensorFlow = 'TENSORFLOW',
}
