/** Every flag of every command: what the parser and the help text are made from. Data only. */

/** The commands. */
export type CommandName = 'migrate' | 'check' | 'convert-weights' | 'list' | 'doctor';

/** One flag. */
export interface OptionEntry {
  readonly name: string;
  readonly short?: string;
  readonly type: 'boolean' | 'string';
  readonly multiple?: true;
  /** The value that a flag with a value has when it is given without one. */
  readonly implied?: string;
  /** What stands for the value in the help text. */
  readonly value?: string;
  readonly description: string;
  readonly commands: readonly CommandName[];
}

const FILES: readonly CommandName[] = ['migrate', 'check'];
const ALL: readonly CommandName[] = ['migrate', 'check', 'convert-weights', 'list', 'doctor'];

export const OPTIONS: readonly OptionEntry[] = [
  {
    name: 'write',
    short: 'w',
    type: 'boolean',
    commands: ['migrate'],
    description: 'Apply the changes. Without it nothing is written.',
  },
  {
    name: 'check',
    type: 'boolean',
    commands: ['migrate'],
    description: 'List every place without a diff, as `mirrorscope check` does. Never writes.',
  },
  {
    name: 'diff',
    type: 'boolean',
    commands: FILES,
    description:
      'Print a plain diff for `git apply`; the rest goes to standard error. With --format json, put each diff into the report.',
  },
  {
    name: 'mark',
    type: 'boolean',
    commands: ['migrate'],
    description: 'Leave a TODO(mirrorscope) comment at each place that was refused or reported.',
  },
  {
    name: 'only',
    type: 'string',
    multiple: true,
    value: 'migration',
    commands: FILES,
    description:
      'Run this migration only; may be given again. Those that are opt-in run no other way. See `mirrorscope list`.',
  },
  {
    name: 'include',
    type: 'string',
    multiple: true,
    value: 'glob',
    commands: FILES,
    description: 'Look only at files that match; may be given again.',
  },
  {
    name: 'exclude',
    type: 'string',
    multiple: true,
    value: 'glob',
    commands: FILES,
    description: 'Leave out files and folders that match; may be given again.',
  },
  {
    name: 'no-ignore',
    type: 'boolean',
    commands: FILES,
    description: 'Look at files that .gitignore names, too. node_modules and .git only when named as a path.',
  },
  {
    name: 'format',
    type: 'string',
    value: 'text|json|sarif|github',
    commands: FILES,
    description: 'How to report. Default: text.',
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
    name: 'stdin',
    type: 'boolean',
    commands: FILES,
    description: 'Read one source text from standard input; `migrate` prints the new text.',
  },
  {
    name: 'stdin-filename',
    type: 'string',
    value: 'name',
    commands: FILES,
    description: 'What the text from standard input is called; its ending decides the language.',
  },
  {
    name: 'allow-dirty',
    type: 'boolean',
    commands: ['migrate'],
    description: 'Write even where git could not bring the present state back.',
  },
  {
    name: 'verify',
    type: 'string',
    implied: 'compile',
    value: 'compile|run',
    commands: ['migrate'],
    description:
      'Keep the old text of a Python file whose new text does not compile (the default of --verify) or, with --verify=run, does not train as the old one did.',
  },
  {
    name: 'verify-script',
    type: 'string',
    value: 'file',
    commands: ['migrate'],
    description: 'The script that --verify=run trains before and after.',
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
    description: 'Largest relative difference of a loss. Default: 1e-4.',
  },
  {
    name: 'verify-devices',
    type: 'string',
    value: 'count',
    commands: ['migrate'],
    description: 'How many GPUs the script sees. Default: 2, or as many as it asks for.',
  },
  {
    name: 'target',
    type: 'string',
    value: 'auto|tf-keras|keras3',
    commands: FILES,
    description: 'Which Keras migrated Python code imports. Default: auto, what the project declares, else tf-keras.',
  },
  {
    name: 'threads',
    type: 'string',
    value: 'count',
    commands: FILES,
    description: 'How many threads to use. Default: as many as the work is worth.',
  },
  {
    name: 'config',
    type: 'string',
    value: 'file',
    commands: FILES,
    description: 'The configuration file. Default: the nearest mirrorscope.config.json, from here upward.',
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
    description: 'Write the layout of multi_gpu_model: the model as a layer of a parallel one.',
  },
  {
    name: 'like',
    type: 'string',
    value: 'file',
    commands: ['convert-weights'],
    description: 'Take names and order from this weights file, saved by the very model that shall load the output.',
  },
  {
    name: 'template',
    type: 'string',
    value: 'name',
    commands: ['convert-weights'],
    description: 'The name of the nested model: which to take, or what to call it.',
  },
  {
    name: 'force',
    type: 'boolean',
    commands: ['convert-weights'],
    description: 'Replace an output that exists. Never the input.',
  },
  {
    name: 'format',
    type: 'string',
    value: 'text|json',
    commands: ['list', 'doctor', 'convert-weights'],
    description: 'How to print. Default: text.',
  },
  { name: 'help', short: 'h', type: 'boolean', commands: ALL, description: 'Show this help.' },
  { name: 'version', short: 'v', type: 'boolean', commands: ALL, description: 'Show the version.' },
];

/** The flags of one command. */
export function optionsOf(command: CommandName): readonly OptionEntry[] {
  return OPTIONS.filter(({ commands }) => commands.includes(command));
}
