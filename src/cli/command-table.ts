/** The commands: their help texts, and where their code is loaded from. */
import type { CommandName } from './arguments/option-table.js';
import type { ParsedArguments } from './arguments/parse-arguments.js';
import type { CommandIo } from './command-io.js';

/** What a command returns to the shell. */
export type ExitCode = 0 | 1 | 2;

/** One command. */
export interface CommandEntry {
  readonly name: CommandName;
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly (readonly [command: string, explanation: string])[];
  /** Loads the code on demand: start-up time counts. */
  readonly load: () => Promise<(parsed: ParsedArguments, io: CommandIo) => Promise<ExitCode>>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'migrate',
    usage: 'mirrorscope migrate [options] [paths…]',
    summary: 'Rewrite legacy multi-GPU code. Shows a preview unless --write is given.',
    examples: [
      ['mirrorscope migrate', 'preview the changes below this folder'],
      ['mirrorscope migrate --write src', 'apply them to src'],
      ['mirrorscope migrate --write --mark', 'apply, and leave a TODO where a person has to decide'],
      ['mirrorscope migrate --diff > change.patch', 'save a patch for `git apply`'],
      ['mirrorscope migrate --write --verify=run --verify-script train.py', 'apply only what trains as before'],
      ['mirrorscope migrate --only multi-gpu-model', 'run one migration'],
      ['mirrorscope migrate --stdin --stdin-filename train.ts < train.ts', 'migrate one text'],
    ],
    load: async () => (await import('./commands/migrate.js')).migrateCommand,
  },
  {
    name: 'check',
    usage: 'mirrorscope check [options] [paths…]',
    summary: 'List what is left to migrate. Never writes to source files.',
    examples: [
      ['mirrorscope check', 'fail a build while anything is left'],
      ['mirrorscope check --format github', 'annotate a pull request'],
      ['mirrorscope check --format sarif --output mirrorscope.sarif', 'feed a code scanning service'],
    ],
    load: async () => (await import('./commands/check.js')).checkCommand,
  },
  {
    name: 'convert-weights',
    usage: 'mirrorscope convert-weights [options] <input.h5> <output.h5>',
    summary: 'Turn weights saved from a multi_gpu_model into the single model’s, or back.',
    examples: [
      [
        'mirrorscope convert-weights parallel.h5 single.h5',
        'load_weights("single.h5") then works without multi_gpu_model',
      ],
      [
        'mirrorscope convert-weights parallel.h5 single.h5 --like fresh.h5',
        'with the names and the order of a file that the new model saved',
      ],
      ['mirrorscope convert-weights single.h5 parallel.h5 --nested --template model_1', 'the way back'],
    ],
    load: async () => (await import('./commands/convert-weights.js')).convertWeightsCommand,
  },
  {
    name: 'list',
    usage: 'mirrorscope list [options]',
    summary: 'List the migrations and every legacy API that is known.',
    examples: [
      ['mirrorscope list', 'what can be migrated'],
      ['mirrorscope list --format json', 'the same for a program'],
    ],
    load: async () => (await import('./commands/list.js')).listCommand,
  },
  {
    name: 'doctor',
    usage: 'mirrorscope doctor [options]',
    summary: 'Show what was found here: Node, TensorFlow.js, parsers, engines, and why.',
    examples: [['mirrorscope doctor', 'what to put into a bug report']],
    load: async () => (await import('./commands/doctor.js')).doctorCommand,
  },
];
