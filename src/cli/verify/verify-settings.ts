/** Reads the `--verify` options. Pure. */
import type { ParsedArguments } from '../arguments/parse-arguments.js';

import { fractionOption, wholeNumberOption } from '../arguments/number-options.js';
import { usageError } from '../arguments/usage-error.js';

/** How to verify. If a setting is `undefined`, the verification uses its default. */
export interface VerifySettings {
  readonly mode: 'compile' | 'run' | 'names';
  readonly script: string | undefined;
  readonly steps: number | undefined;
  readonly tolerance: number | undefined;
  readonly devices: number | undefined;
}

const OPTIONS_OF_RUN = ['verify-script', 'verify-steps', 'verify-tolerance', 'verify-devices'] as const;
const MAX_STEPS = 1_000_000;
const MAX_DEVICES = 64;

/**
 * Reads the `--verify` options.
 *
 * @param parsed - The arguments of `migrate`.
 * @returns The settings, or `undefined` without `--verify`.
 * @throws {MirrorscopeError} `USAGE` for options that contradict each other.
 */
export function verifySettings(parsed: ParsedArguments): VerifySettings | undefined {
  const mode = parsed.value('verify');
  const stray = OPTIONS_OF_RUN.find((option) => parsed.value(option) !== undefined);
  if (mode !== 'run' && stray !== undefined) throw usageError(`--${stray} needs --verify=run.`);
  if (mode === undefined) return undefined;
  if (mode !== 'compile' && mode !== 'run' && mode !== 'names')
    throw usageError(`--verify takes compile, run or names, not ${mode}.`);
  if (parsed.command === 'check' && mode !== 'names')
    throw usageError(`check changes nothing that --verify=${mode} could verify; it takes --verify=names.`);
  if (parsed.has('stdin')) throw usageError('--verify and --stdin cannot be combined.');
  const script = parsed.value('verify-script');
  if (mode === 'run' && script === undefined)
    throw usageError('--verify=run needs --verify-script, the script that trains.');
  return {
    mode,
    script,
    steps: wholeNumberOption(parsed, 'verify-steps', MAX_STEPS),
    devices: wholeNumberOption(parsed, 'verify-devices', MAX_DEVICES),
    tolerance: fractionOption(parsed, 'verify-tolerance'),
  };
}
