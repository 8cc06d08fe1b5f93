/** The commands: their help texts, and where to load their code. Data only. */
import type { CommandName } from './arguments/option-table.js';
import type { ParsedArguments } from './arguments/parse-arguments.js';
import type { CommandIo } from './command-io.js';

/** Runs a command. The result is the exit code: one of `ExitCode`, or that of a program that the command ran. */
export type RunCommand = (parsed: ParsedArguments, io: CommandIo) => number | Promise<number>;

/** One command. */
export interface CommandEntry {
  readonly name: CommandName;
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly (readonly [command: string, explanation: string])[];
  /** What the exit codes mean, if not what they mean for other commands. */
  readonly exitCodes?: readonly string[];
  /** The first word that is no option names a program; all words after it belong to the program. */
  readonly runsProgram?: true;
  /** Loads the code on demand, because start-up time counts. */
  readonly load: () => Promise<RunCommand>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'migrate',
    usage: 'mirrorscope migrate [options] [paths…]',
    summary: 'Rewrite legacy multi-GPU code. Shows a preview unless --write is given.',
    examples: [
      ['mirrorscope migrate', 'preview the changes below this folder'],
      ['mirrorscope migrate --write src', 'apply them to src'],
      ['mirrorscope migrate --write --mark', 'apply them, and leave a TODO where a person has to decide'],
      ['mirrorscope migrate --diff > change.patch', 'save a patch for `git apply`'],
      ['mirrorscope migrate --write --verify=run --verify-script train.py', 'apply only changes that train as before'],
      ['mirrorscope migrate --only multi-gpu-model', 'run one migration'],
      ['mirrorscope migrate --stdin --stdin-filename train.ts < train.ts', 'migrate one file from standard input'],
    ],
    load: async () => (await import('./commands/migrate.js')).migrateCommand,
  },
  {
    name: 'check',
    usage: 'mirrorscope check [options] [paths…]',
    summary: 'List what is left to migrate. Never writes source files.',
    examples: [
      ['mirrorscope check', 'fail a build while anything is left'],
      ['mirrorscope check --format github', 'annotate a pull request'],
      ['mirrorscope check --format sarif --output mirrorscope.sarif', 'upload to a code scanning service'],
    ],
    load: async () => (await import('./commands/check.js')).checkCommand,
  },
  {
    name: 'convert-weights',
    usage: 'mirrorscope convert-weights [options] <input.h5> <output.h5>',
    summary: 'Convert weights saved from a multi_gpu_model to those of the single model, or back.',
    examples: [
      [
        'mirrorscope convert-weights parallel.h5 single.h5',
        'load_weights("single.h5") then works without multi_gpu_model',
      ],
      [
        'mirrorscope convert-weights parallel.h5 single.h5 --like fresh.h5',
        'use the names and the order of a file that the new model saved',
      ],
      ['mirrorscope convert-weights single.h5 parallel.h5 --nested --template model_1', 'convert back'],
    ],
    load: async () => (await import('./commands/convert-weights.js')).convertWeightsCommand,
  },
  {
    name: 'list',
    usage: 'mirrorscope list [options]',
    summary: 'List the migrations and every known legacy API.',
    examples: [
      ['mirrorscope list', 'what can be migrated'],
      ['mirrorscope list --format json', 'the same as JSON'],
    ],
    load: async () => (await import('./commands/list.js')).listCommand,
  },
  {
    name: 'doctor',
    usage: 'mirrorscope doctor [options]',
    summary: 'Show which Node, TensorFlow.js, parsers and engines were found on this machine, and why.',
    examples: [['mirrorscope doctor', 'what to put into a bug report']],
    load: async () => (await import('./commands/doctor.js')).doctorCommand,
  },
  {
    name: 'launch',
    usage: 'mirrorscope launch [options] <script.js> [arguments…]',
    summary: 'Run a multi-worker program on this machine: start its workers with the right TF_CONFIG.',
    examples: [
      ['mirrorscope launch --workers 2 train.js', 'train in two processes'],
      ['mirrorscope launch --workers 2 --devices-per-worker 2 train.js --epochs 10', 'with two devices each'],
      ['mirrorscope launch --workers 3 --max-restarts 5 train.js', 'start again after a worker failed'],
    ],
    exitCodes: [
      '0  every worker succeeded',
      'n  the exit code of the first worker that failed; 128 + n when signal n killed it',
      '2  also: the command line is wrong, or a worker could not be started',
    ],
    runsProgram: true,
    load: async () => (await import('./commands/launch.js')).launchCommand,
  },
];
