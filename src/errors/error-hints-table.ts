/** What to do next, for each error code. Data only. */
import { ErrorCode } from './error-code.js';

export const ERROR_HINTS: ReadonlyMap<ErrorCode, string> = new Map([
  [ErrorCode.Usage, 'Run the command with --help to see what it takes.'],
  [ErrorCode.Configuration, 'Compare the file with schema/mirrorscope.schema.json.'],
  [ErrorCode.FileAccess, 'Check that the file exists and that you may read and write it.'],
  [ErrorCode.Encoding, 'Save the file as UTF-8 and run again; it was left as it is.'],
  [ErrorCode.Syntax, 'Make the file parse first; it was left as it is.'],
  [ErrorCode.Internal, 'This is a bug in mirrorscope; please report it with the file that caused it.'],
  [ErrorCode.DirtyWorkingTree, 'Commit or stash these files first, or pass --allow-dirty.'],
  [ErrorCode.InvalidArgument, 'Check the value against the function’s documentation.'],
  [ErrorCode.StrategyMisuse, 'Create the strategy first and build the model inside strategy.scope(() => { … }).'],
  [ErrorCode.UnknownDevice, 'List the devices with `mirrorscope doctor`.'],
  [ErrorCode.EngineUnavailable, 'Run `mirrorscope doctor` to see which engines were found and why.'],
  [ErrorCode.ReplicaFailed, 'The first failing replica is named in the message; the cause carries its own stack.'],
  [
    ErrorCode.CollectiveTimeout,
    'The weights are what they were before the step, and training may go on. Where a replica is slow and not stuck, raise communicationOptions.timeoutSeconds.',
  ],
  [ErrorCode.TensorFlow, 'The message is TensorFlow’s own; the operation is named in it.'],
  [ErrorCode.PythonUnavailable, 'Set MIRRORSCOPE_PYTHON to a Python 3 that has TensorFlow, or run without --verify.'],
  [
    ErrorCode.VerificationFailed,
    'The old text was kept. Read the difference, migrate this file by hand, or run without --verify.',
  ],
  [ErrorCode.NotHdf5, 'Pass a .h5 or .hdf5 file written by Keras’ save or save_weights.'],
  [ErrorCode.WeightsLayout, 'Read docs/convert-weights.md for the layouts that are known.'],
  [ErrorCode.AmbiguousTemplate, 'Name the template with --template.'],
]);
