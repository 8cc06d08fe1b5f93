/** Every option of every command. Data only: the parser and the help derive from it. */
import { KERAS_TARGETS, STRATEGY_TARGETS } from '../../codemods/options.js';
import { DEFAULT_FORMAT, REPORT_FORMATS } from '../../report/formats-table.js';

/** The commands. */
export type CommandName = 'migrate' | 'check' | 'convert-weights' | 'list' | 'doctor' | 'launch';

/** One option. */
export interface OptionEntry {
  readonly name: string;
  readonly short?: string;
  readonly type: 'boolean' | 'string';
  readonly multiple?: true;
  /** The value to use when the user gives none. */
  readonly implied?: string;
  /** The placeholder for the value in the help. */
  readonly value?: string;
  readonly description: string;
  readonly commands: readonly CommandName[];
}

const FILES: readonly CommandName[] = ['migrate', 'check'];
const ALL: readonly CommandName[] = ['migrate', 'check', 'convert-weights', 'list', 'doctor', 'launch'];

export const OPTIONS: readonly OptionEntry[] = [
  {
    name: 'write',
    short: 'w',
    type: 'boolean',
    commands: ['migrate'],
    description: 'Apply the changes. Without this option, nothing is written.',
  },
  {
    name: 'check',
    type: 'boolean',
    commands: ['migrate'],
    description: 'List every finding without a diff, as `mirrorscope check` does. Never writes.',
  },
  {
    name: 'diff',
    type: 'boolean',
    commands: FILES,
    description:
      'Print a plain diff for `git apply`; the report goes to standard error. With --format json, put each diff into the report.',
  },
  {
    name: 'mark',
    type: 'boolean',
    commands: ['migrate'],
    description: 'Leave a TODO(mirrorscope) comment at each finding that was refused or reported.',
  },
  {
    name: 'only',
    type: 'string',
    multiple: true,
    value: 'migration',
    commands: FILES,
    description:
      'Run only this migration; can be repeated. Opt-in migrations run only when named here or in the configuration. See `mirrorscope list`.',
  },
  {
    name: 'include',
    type: 'string',
    multiple: true,
    value: 'glob',
    commands: FILES,
    description: 'Only process files that match; can be repeated.',
  },
  {
    name: 'exclude',
    type: 'string',
    multiple: true,
    value: 'glob',
    commands: FILES,
    description: 'Skip files and folders that match; can be repeated.',
  },
  {
    name: 'no-ignore',
    type: 'boolean',
    commands: FILES,
    description:
      'Also process files that .gitignore excludes. node_modules and .git are processed only when named as a path.',
  },
  {
    name: 'format',
    type: 'string',
    value: REPORT_FORMATS.map(({ name }) => name).join('|'),
    commands: FILES,
    description: `The format of the report. Default: ${DEFAULT_FORMAT.name}.`,
  },
  {
    name: 'output',
    short: 'o',
    type: 'string',
    value: 'file',
    commands: FILES,
    description: 'Write the report to a file instead of standard output.',
  },
  {
    name: 'baseline',
    type: 'string',
    value: 'file',
    commands: FILES,
    description: 'Leave out the findings in this file, which the project has accepted. New ones still fail a check.',
  },
  {
    name: 'update-baseline',
    type: 'boolean',
    commands: FILES,
    description: 'Write the findings that are left into the file of --baseline, or into mirrorscope-baseline.json.',
  },
  {
    name: 'stdin',
    type: 'boolean',
    commands: FILES,
    description: 'Read one source file from standard input; `migrate` prints the new text.',
  },
  {
    name: 'stdin-filename',
    type: 'string',
    value: 'name',
    commands: FILES,
    description: 'The name of the file on standard input; its extension decides the language.',
  },
  {
    name: 'allow-dirty',
    type: 'boolean',
    commands: ['migrate'],
    description: 'Write even to files with uncommitted changes.',
  },
  {
    name: 'verify',
    type: 'string',
    implied: 'compile',
    value: 'compile|run|names',
    commands: ['migrate', 'check'],
    description:
      'Write a Python file only if its new text compiles (the default of --verify) or, with --verify=run, trains as the old text did. With --verify=names, list what Python files use of TensorFlow, Keras and NumPy and the installed versions do not have.',
  },
  {
    name: 'verify-script',
    type: 'string',
    value: 'file',
    commands: ['migrate'],
    description: 'The training script that --verify=run runs with the old and the new code.',
  },
  {
    name: 'verify-steps',
    type: 'string',
    value: 'count',
    commands: ['migrate'],
    description: 'How many training steps --verify=run compares. Default: 20.',
  },
  {
    name: 'verify-tolerance',
    type: 'string',
    value: 'number',
    commands: ['migrate'],
    description: 'The largest relative difference of a loss that counts as equal. Default: 1e-4.',
  },
  {
    name: 'verify-devices',
    type: 'string',
    value: 'count',
    commands: ['migrate'],
    description: 'How many GPUs the script sees. Default: 2, or as many as it needs.',
  },
  {
    name: 'target',
    type: 'string',
    value: KERAS_TARGETS.join('|'),
    commands: FILES,
    description:
      'Which Keras the migrated Python code imports. Default: auto, which means what the project requires, otherwise tf-keras.',
  },
  {
    name: 'strategy',
    type: 'string',
    value: STRATEGY_TARGETS.join('|'),
    commands: FILES,
    description:
      'Which strategy takes the place of multi_gpu_model: for one process with several devices, or for several processes. Default: mirrored.',
  },
  {
    name: 'threads',
    type: 'string',
    value: 'count',
    commands: FILES,
    description: 'How many worker threads to use. Default: depends on the amount of work.',
  },
  {
    name: 'config',
    type: 'string',
    value: 'file',
    commands: FILES,
    description: 'The configuration file. Default: the nearest mirrorscope.config.json in this folder or above it.',
  },
  {
    name: 'flat',
    type: 'boolean',
    commands: ['convert-weights'],
    description: 'Write the layout of the single model. The default.',
  },
  {
    name: 'nested',
    type: 'boolean',
    commands: ['convert-weights'],
    description: 'Write the layout of multi_gpu_model, in which the model is a layer of a parallel model.',
  },
  {
    name: 'like',
    type: 'string',
    value: 'file',
    commands: ['convert-weights'],
    description: 'Copy names and order from this weights file. Save it from the model that will load the output.',
  },
  {
    name: 'template',
    type: 'string',
    value: 'name',
    commands: ['convert-weights'],
    description: 'The name of the nested model: the one to convert, or the one to write.',
  },
  {
    name: 'force',
    type: 'boolean',
    commands: ['convert-weights'],
    description: 'Replace an existing output file. Never replaces the input.',
  },
  {
    name: 'format',
    type: 'string',
    value: 'text|json',
    commands: ['list', 'doctor', 'convert-weights'],
    description: 'The format of the output. Default: text.',
  },
  {
    name: 'workers',
    type: 'string',
    value: 'count',
    commands: ['launch'],
    description: 'How many workers to start on this machine.',
  },
  {
    name: 'devices-per-worker',
    type: 'string',
    value: 'count',
    commands: ['launch'],
    description: 'How many devices each worker uses. Default: one CPU device, or an equal share of the GPUs.',
  },
  {
    name: 'max-restarts',
    type: 'string',
    value: 'count',
    commands: ['launch'],
    description: 'How often to start all workers again after one failed. Default: 0.',
  },
  {
    name: 'grace',
    type: 'string',
    value: 'seconds',
    commands: ['launch'],
    description: 'How long workers may take to end after a signal, or after another one failed. Default: 10.',
  },
  {
    name: 'isolate',
    type: 'boolean',
    commands: ['launch'],
    description:
      'Fail unless the workers can run in a network namespace of their own, where no one else can reach them.',
  },
  {
    name: 'no-isolate',
    type: 'boolean',
    commands: ['launch'],
    description: 'Share the network of this machine. Default: isolate where the system permits it.',
  },
  { name: 'help', short: 'h', type: 'boolean', commands: ALL, description: 'Show this help.' },
  { name: 'version', short: 'v', type: 'boolean', commands: ALL, description: 'Show the version.' },
];

/** The options of one command. */
export function optionsOf(command: CommandName): readonly OptionEntry[] {
  return OPTIONS.filter(({ commands }) => commands.includes(command));
}
