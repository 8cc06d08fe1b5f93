/** What to do next, for each error code. Data only. */
import { ErrorCode } from './error-code.js';

export const ERROR_HINTS: ReadonlyMap<ErrorCode, string> = new Map([
  [ErrorCode.Usage, 'Run the command with --help to see its options.'],
  [ErrorCode.Configuration, 'Compare the file with schema/mirrorscope.schema.json.'],
  [ErrorCode.FileAccess, 'Check that the file exists and that you may read and write it.'],
  [ErrorCode.Encoding, 'Save the file as UTF-8 and run again. The file was left unchanged.'],
  [ErrorCode.Syntax, 'Fix the syntax and run again. The file was left unchanged.'],
  [ErrorCode.TooLarge, 'Move its data to another file, or exclude it. The file was left unchanged.'],
  [ErrorCode.Internal, 'This is a bug in mirrorscope. Please report it with the file that caused it.'],
  [ErrorCode.DirtyWorkingTree, 'Commit or stash these files first, or pass --allow-dirty.'],
  [ErrorCode.InvalidArgument, 'Check the value against the function’s documentation.'],
  [ErrorCode.StrategyMisuse, 'Create the strategy first and build the model inside strategy.scope(() => { … }).'],
  [ErrorCode.UnknownDevice, 'List the devices with `mirrorscope doctor`.'],
  [ErrorCode.EngineUnavailable, 'Run `mirrorscope doctor` to see which engines were found and why.'],
  [ErrorCode.ReplicaFailed, 'The message names the first replica that failed. The cause has its stack.'],
  [
    ErrorCode.CollectiveTimeout,
    'The weights have their values from before the step, so training can continue. If a replica is slow but not stuck, increase communicationOptions.timeoutSeconds.',
  ],
  [
    ErrorCode.ClusterConfiguration,
    'Compare the value with the examples in docs/multi-worker.md. All processes need the same cluster.',
  ],
  [
    ErrorCode.ClusterStart,
    'Start the same program once for each task of the cluster, each with its own task in TF_CONFIG, and check that every process can reach the addresses of the others.',
  ],
  [
    ErrorCode.WorkerLost,
    'The weights have their values from before the step. Start all processes again, from the last backup: see docs/multi-worker.md.',
  ],
  [ErrorCode.WorkersDiffer, 'Run the same program, with the same versions and options, in every process.'],
  [ErrorCode.LaunchFailed, 'Check that this user may start programs and open ports on this machine.'],
  [
    ErrorCode.BackupUnusable,
    'To start from the beginning, delete the folder of the backups or pass another backupDir.',
  ],
  [ErrorCode.Xla, 'The message comes from XLA.'],
  [ErrorCode.TensorFlow, 'The message comes from TensorFlow and names the operation.'],
  [ErrorCode.PythonUnavailable, 'Set MIRRORSCOPE_PYTHON to a Python 3 that has TensorFlow, or run without --verify.'],
  [
    ErrorCode.VerificationFailed,
    'The old text was kept. Look at the difference and migrate this file by hand, or run without --verify.',
  ],
  [ErrorCode.NotHdf5, 'Pass a .h5 or .hdf5 file that was written by save or save_weights of Keras.'],
  [ErrorCode.WeightsLayout, 'See docs/convert-weights.md for the supported layouts.'],
  [ErrorCode.AmbiguousTemplate, 'Name the template with --template.'],
]);
