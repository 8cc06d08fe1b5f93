/** Colours for text that people read. Pure. */
import { styleText } from 'node:util';

/** One function for each role; without colours, each returns its text unchanged. */
export interface Palette {
  readonly added: (text: string) => string;
  readonly removed: (text: string) => string;
  readonly location: (text: string) => string;
  readonly heading: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly failure: (text: string) => string;
  readonly faint: (text: string) => string;
}

type Format = Parameters<typeof styleText>[0];

/**
 * Makes the colours of a diff and of a summary.
 *
 * @param enabled - Whether there are colours at all; see {@link wantsColour}.
 * @returns One function for each role.
 */
export function createPalette(enabled: boolean): Palette {
  const paint = (format: Format) => (text: string) =>
    // The caller decides whether to use colours. Without this option, Node checks standard output again and may drop
    // them.
    enabled ? styleText(format, text, { validateStream: false }) : text;
  return {
    added: paint('green'),
    removed: paint('red'),
    location: paint('cyan'),
    heading: paint('bold'),
    good: paint('green'),
    warning: paint('yellow'),
    failure: paint('red'),
    faint: paint('dim'),
  };
}

/**
 * Whether to colour what goes to a stream. `FORCE_COLOR` decides first (`0` and `false` mean no), then `NO_COLOR`;
 * otherwise a terminal gets colours unless it is `dumb`.
 *
 * @param environment - The environment variables.
 * @param isTerminal - Whether the stream is a terminal.
 * @returns Whether to colour.
 */
export function wantsColour(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '') return false;
  return isTerminal && environment['TERM'] !== 'dumb';
}
