/** The help texts, derived from the tables of commands and options. Pure. */
import { EXIT_CODE_MEANINGS } from '../report/exit-code.js';

import { type OptionEntry, optionsOf } from './arguments/option-table.js';
import { type CommandEntry, COMMANDS } from './command-table.js';

const LINE_WIDTH = 96;

const EXIT_CODES = [
  'Exit codes:',
  ...[...EXIT_CODE_MEANINGS].map(([code, meaning]) => `  ${String(code)}  ${meaning}`),
];

/**
 * The text that `mirrorscope --help` prints.
 *
 * @param version - The version of this package.
 * @returns The text, with a final newline.
 */
export function generalHelp(version: string): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return lines([
    `mirrorscope ${version}: migrate legacy multi-GPU code to distribution strategies.`,
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

/**
 * The text that `mirrorscope <command> --help` prints.
 *
 * @param command - The command.
 * @returns The text, with a final newline.
 */
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
    ...(command.exitCodes === undefined
      ? EXIT_CODES
      : ['Exit codes:', ...command.exitCodes.map((line) => `  ${line}`)]),
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
