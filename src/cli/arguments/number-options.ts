/** Options whose value is a number. Pure. */
import type { ParsedArguments } from './parse-arguments.js';

import { usageError } from './usage-error.js';

/**
 * Reads an option that takes a whole number.
 *
 * @param parsed - The arguments of the command.
 * @param option - The name of the option.
 * @param max - The largest number that is accepted.
 * @param min - The smallest number that is accepted.
 * @returns The number, or `undefined` when the option is not given.
 * @throws {MirrorscopeError} `USAGE` for any other value.
 */
export function wholeNumberOption(parsed: ParsedArguments, option: string, max: number, min = 1): number | undefined {
  const text = parsed.value(option);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max)
    throw usageError(`--${option} takes a number from ${min} to ${max}, not ${text}.`);
  return number;
}

/**
 * Reads an option that takes a number from 0 to 1.
 *
 * @param parsed - The arguments of the command.
 * @param option - The name of the option.
 * @returns The number, or `undefined` when the option is not given.
 * @throws {MirrorscopeError} `USAGE` for any other value.
 */
export function fractionOption(parsed: ParsedArguments, option: string): number | undefined {
  const text = parsed.value(option);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0 && number < 1))
    throw usageError(`--${option} takes a number from 0 to 1, not ${text}.`);
  return number;
}
