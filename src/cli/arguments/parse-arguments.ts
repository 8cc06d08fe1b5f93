/** Parses the words of a command line into paths and options. Pure. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { type CommandName, optionsOf } from './option-table.js';
import { didYouMean } from './unknown-name.js';
import { usageError } from './usage-error.js';

/** The options and paths of one command. */
export interface ParsedArguments {
  readonly command: CommandName;
  readonly paths: readonly string[];
  /** Whether an option without a value was given. */
  has(option: string): boolean;
  /** The value of an option; the last one when it was repeated. */
  value(option: string): string | undefined;
  /** All values of an option that can be repeated. */
  values(option: string): readonly string[];
}

type OptionTypes = NonNullable<ParseArgsConfig['options']>;

/**
 * Parses the words after the name of a command.
 *
 * @param command - The command, which decides the options.
 * @param given - The words.
 * @returns The paths and options.
 * @throws {MirrorscopeError} `USAGE` for anything that the command does not accept.
 */
export function parseArguments(command: CommandName, given: readonly string[]): ParsedArguments {
  const words = withImpliedValues(command, given);
  const options: OptionTypes = Object.fromEntries(
    optionsOf(command).map(({ name, short, type, multiple }) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
  );
  assertKnownOptions(command, words, options);
  const parsed = parseStrictly(command, words, options);
  const values = new Map(Object.entries(parsed.values));
  return {
    command,
    paths: parsed.positionals,
    has: (option) => values.get(option) === true,
    value: (option) => {
      const value = values.get(option);
      return typeof value === 'string' ? value : undefined;
    },
    values: (option) => {
      const value = values.get(option);
      return Array.isArray(value) ? value.map(String) : [];
    },
  };
}

/**
 * Separates the options of a command from the program that it runs, so that the program keeps its own options.
 *
 * @param command - The command, which decides which options take a value.
 * @param words - The words after the name of the command.
 * @returns The words, with `--` in front of the name of the program.
 */
export function separateProgram(command: CommandName, words: readonly string[]): readonly string[] {
  const withValue = new Set(
    optionsOf(command)
      .filter(({ type, implied }) => type === 'string' && implied === undefined)
      .map(({ name }) => `--${name}`),
  );
  let index = 0;
  for (; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') return words;
    if (!word.startsWith('-')) break;
    if (withValue.has(word)) index++;
  }
  return [...words.slice(0, index), '--', ...words.slice(index)];
}

function parseStrictly(command: CommandName, words: readonly string[], options: OptionTypes) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new MirrorscopeError(ErrorCode.Usage, `${firstSentence(message)}.`, { hint: hintFor(command), cause });
  }
}

/** Writes out the value of an option that was given without one: `--verify` becomes `--verify=compile`. */
function withImpliedValues(command: CommandName, words: readonly string[]): readonly string[] {
  const implied = new Map(
    optionsOf(command).flatMap(({ name, implied: value }) => (value === undefined ? [] : [[`--${name}`, value]])),
  );
  const end = words.indexOf('--');
  return words.map((word, index) => {
    const value = end !== -1 && index > end ? undefined : implied.get(word);
    return value === undefined ? word : `${word}=${value}`;
  });
}

/** Rejects unknown options here, because Node's message gives advice about positionals and suggests no name. */
function assertKnownOptions(command: CommandName, words: readonly string[], options: OptionTypes): void {
  const { tokens } = parseArgs({ args: [...words], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || Object.hasOwn(options, token.name)) continue;
    const suggestion = didYouMean(token.name, Object.keys(options), (name) => `--${name}`);
    throw usageError(`\`mirrorscope ${command}\` has no option ${token.rawName}.${suggestion}`, hintFor(command));
  }
}

function hintFor(command: CommandName): string {
  return `Run \`mirrorscope ${command} --help\` to see its options.`;
}

function firstSentence(message: string): string {
  const [first = message] = message.split(/\n|\. /, 1);
  return first.trimEnd().replace(/\.$/, '');
}
