/** From the words of the command line to a command and its flags. Pure. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { closestName } from './closest-name.js';
import { type CommandName, optionsOf } from './option-table.js';

/** The flags and paths of one command. */
export interface ParsedArguments {
  readonly command: CommandName;
  readonly paths: readonly string[];
  /** Whether a flag without a value was given. */
  has(option: string): boolean;
  /** The value of a flag, the last one where it was given more than once. */
  value(option: string): string | undefined;
  /** All values of a flag that may be given again. */
  values(option: string): readonly string[];
}

type OptionTypes = NonNullable<ParseArgsConfig['options']>;

/** @throws MirrorscopeError `USAGE` for anything that the command does not take. */
export function parseArguments(command: CommandName, given: readonly string[]): ParsedArguments {
  const words = withImpliedValues(command, given);
  const options: OptionTypes = Object.fromEntries(
    optionsOf(command).map(({ name, short, type, multiple }) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
  );
  assertKnownOptions(command, words, options);
  let parsed;
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new MirrorscopeError(ErrorCode.Usage, firstSentence(message), { hint: hintFor(command), cause });
  }
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

/** Gives flags whose value may be left out the value that this stands for. */
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

/** Node's message for an unknown flag advises on positionals; a near name helps more. */
function assertKnownOptions(command: CommandName, words: readonly string[], options: OptionTypes): void {
  const { tokens } = parseArgs({ args: [...words], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || Object.hasOwn(options, token.name)) continue;
    const meant = closestName(token.name, Object.keys(options));
    const suggestion = meant === undefined ? '' : `; did you mean --${meant}?`;
    throw new MirrorscopeError(
      ErrorCode.Usage,
      `\`mirrorscope ${command}\` has no option ${token.rawName}${suggestion}`,
      {
        hint: hintFor(command),
      },
    );
  }
}

function hintFor(command: CommandName): string {
  return `Run \`mirrorscope ${command} --help\` to see what it takes.`;
}

function firstSentence(message: string): string {
  return message.split(/\.?\s*\n|\. /, 1)[0] ?? message;
}
