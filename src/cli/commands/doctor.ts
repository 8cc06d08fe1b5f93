/** `mirrorscope doctor`: shows what was found on this machine, and why. Changes nothing. */
import type { ParsedArguments } from '../arguments/parse-arguments.js';
import type { CommandIo } from '../command-io.js';
import type { DoctorSection, LineState } from '../doctor/section.js';

import { ExitCode } from '../../report/exit-code.js';
import { createPalette, type Palette, wantsColour } from '../../report/palette.js';
import { assertNoPaths, textOrJson } from '../arguments/text-or-json.js';
import { SECTIONS } from '../doctor/sections.js';

const MARKS: ReadonlyMap<LineState, string> = new Map([
  ['ok', '✓'],
  ['missing', '–'],
  ['problem', '✗'],
  ['note', '·'],
]);

/**
 * Runs the command.
 *
 * @param parsed - The arguments.
 * @param io - The streams, the working directory and the environment variables.
 * @returns `WorkLeft` when something has to be fixed.
 */
export async function doctorCommand(parsed: ParsedArguments, io: CommandIo): Promise<ExitCode> {
  assertNoPaths(parsed);
  const format = textOrJson(parsed);
  const sections: DoctorSection[] = [];
  for (const section of SECTIONS) sections.push(await section(io.directory, io.environment));
  if (format === 'json') io.stdout.write(`${JSON.stringify({ schemaVersion: 1, sections }, null, 2)}\n`);
  else io.stdout.write(textOf(sections, createPalette(wantsColour(io.environment, io.stdout.isTTY))));
  return sections.some(({ lines }) => lines.some(({ state }) => state === 'problem'))
    ? ExitCode.WorkLeft
    : ExitCode.Done;
}

function textOf(sections: readonly DoctorSection[], palette: Palette): string {
  const width = Math.max(...sections.flatMap(({ lines }) => lines.map(({ label }) => label.length)));
  const blocks = sections.map(({ title, lines }) =>
    [
      palette.heading(title),
      ...lines.map(({ label, state, text }) => `  ${coloured(state, palette)} ${label.padEnd(width)}  ${text}`),
    ].join('\n'),
  );
  return `${blocks.join('\n\n')}\n`;
}

function coloured(state: LineState, palette: Palette): string {
  const mark = MARKS.get(state) ?? ' ';
  if (state === 'ok') return palette.good(mark);
  if (state === 'problem') return palette.failure(mark);
  return state === 'missing' ? palette.warning(mark) : palette.faint(mark);
}
