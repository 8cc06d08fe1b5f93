/** Reads numbers and texts from environment variables, with errors that name the variable. Pure. */
import { clusterError, shortJson } from './cluster-error.js';

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a variable that must be set.
 *
 * @param environment - The environment.
 * @param name - The variable.
 * @param hint - What to do when it is not set.
 * @returns Its text.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when it is not set or empty.
 */
export function requiredVariable(environment: Environment, name: string, hint: string): string {
  const text = environment[name];
  if (text === undefined || text === '') throw clusterError({ document: name, path: '' }, 'is not set', hint);
  return text;
}

/**
 * Reads a whole number.
 *
 * @param text - The text of a variable.
 * @param name - The variable, for messages.
 * @param range - The smallest and the largest number.
 * @param range.min - The smallest number.
 * @param range.max - The largest number.
 * @returns The number.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the text is no number of the range.
 */
export function wholeNumber(text: string, name: string, { min, max }: { min: number; max: number }): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= min && number <= max) return number;
  throw clusterError(
    { document: name, path: '' },
    `must be a whole number from ${min} to ${max}; it is ${shortJson(text)}`,
  );
}
