/** What the `--verify` flags ask for. Pure. */
import type { ParsedArguments } from '../arguments/parse-arguments.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** How to verify. What is `undefined` has the default of the verification. */
export interface VerifySettings {
  readonly mode: 'compile' | 'run';
  readonly script: string | undefined;
  readonly steps: number | undefined;
  readonly tolerance: number | undefined;
  readonly devices: number | undefined;
}

const FLAGS_OF_RUN = ['verify-script', 'verify-steps', 'verify-tolerance', 'verify-devices'] as const;

/** @throws MirrorscopeError `USAGE` */
export function verifySettings(parsed: ParsedArguments): VerifySettings | undefined {
  const mode = parsed.value('verify');
  const stray = FLAGS_OF_RUN.find((flag) => parsed.value(flag) !== undefined);
  if (mode !== 'run' && stray !== undefined) throw usage(`--${stray} needs --verify=run`);
  if (mode === undefined) return undefined;
  if (mode !== 'compile' && mode !== 'run') throw usage(`--verify takes compile or run, not ${mode}`);
  if (parsed.has('stdin')) throw usage('--verify and --stdin exclude each other');
  const script = parsed.value('verify-script');
  if (mode === 'run' && script === undefined) throw usage('--verify=run needs --verify-script, the script that trains');
  return {
    mode,
    script,
    steps: wholeNumber(parsed, 'verify-steps', 1_000_000),
    devices: wholeNumber(parsed, 'verify-devices', 64),
    tolerance: tolerance(parsed.value('verify-tolerance')),
  };
}

function wholeNumber(parsed: ParsedArguments, flag: string, most: number): number | undefined {
  const text = parsed.value(flag);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > most)
    throw usage(`--${flag} takes a number from 1 to ${most}, not ${text}`);
  return number;
}

function tolerance(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0 && number < 1))
    throw usage(`--verify-tolerance takes a number from 0 to 1, not ${text}`);
  return number;
}

function usage(message: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.Usage, message);
}
