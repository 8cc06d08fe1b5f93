/** The help texts, made from the tables of commands and flags. Pure. */
import { type OptionEntry, optionsOf } from './arguments/option-table.js';
import { type CommandEntry, COMMANDS } from './command-table.js';

const LINE_WIDTH = 96;

const EXIT_CODES = [
  'Exit codes:',
  '  0  nothing is left to do',
  '  1  changes are pending, or places are left for a person (also files that do not parse)',
  '  2  the command was not understood, a file could not be read or written, or mirrorscope failed',
];

/** What `mirrorscope --help` prints. */
export function generalHelp(version: string): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return lines([
    `mirrorscope ${version}: move legacy multi-GPU code onto distribution strategies.`,
    '',
    'Usage: mirrorscope <command> [options]',
    '',
    'Commands:',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Examples:',
    ...exampleLines(COMMANDS.flatMap(({ examples }) => examples.slice(0, 2))),
    '',
    ...EXIT_CODES,
    '',
    'Run `mirrorscope <command> --help` for the options of a command.',
  ]);
}

/** What `mirrorscope <command> --help` prints. */
export function commandHelp(command: CommandEntry): string {
  const options = optionsOf(command.name);
  const width = Math.max(...options.map((option) => flagOf(option).length));
  return lines([
    `Usage: ${command.usage}`,
    '',
    command.summary,
    '',
    'Options:',
    ...options.flatMap((option) => optionLines(option, width)),
    '',
    'Examples:',
    ...exampleLines(command.examples),
    '',
    ...EXIT_CODES,
  ]);
}

function flagOf({ name, short, value, implied }: OptionEntry): string {
  const words = value === undefined ? '' : implied === undefined ? ` <${value}>` : `[=<${value}>]`;
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${words}`;
}

function optionLines(option: OptionEntry, width: number): string[] {
  const indent = width + 4;
  const [first = '', ...rest] = wrapped(option.description, LINE_WIDTH - indent);
  return [`  ${flagOf(option).padEnd(width)}  ${first}`, ...rest.map((line) => ' '.repeat(indent) + line)];
}

function exampleLines(examples: CommandEntry['examples']): string[] {
  return examples.flatMap(([command, explanation]) => [`  # ${explanation}`, `  ${command}`]);
}

function wrapped(text: string, width: number): string[] {
  const result: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      result.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...result, line];
}

function lines(list: readonly string[]): string {
  return `${list.join('\n')}\n`;
}
