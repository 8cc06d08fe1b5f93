/** Colours for text that people read, or none. Pure but for reading the given environment. */
import { styleText } from 'node:util';

/** One function a role; each returns its text as it is when colours are off. */
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

/** The colours of a diff and of a summary. */
export function createPalette(enabled: boolean): Palette {
  const paint = (format: Format) => (text: string) =>
    // Whether to colour was decided by the caller; Node's own check of standard output would undo it.
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
 * Whether to colour what goes to a stream: `NO_COLOR` switches colours off, `FORCE_COLOR` on (or
 * off with `0` or `false`), else a terminal has them unless it is a `dumb` one.
 */
export function wantsColour(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '') return false;
  return isTerminal && environment['TERM'] !== 'dumb';
}
