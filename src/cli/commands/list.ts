/** `mirrorscope list`: lists the migrations and every legacy API of the catalogue. Reads no files. */
import type { EntryFacts } from '../../catalogue/catalogue-entry.js';
import type { ParsedArguments } from '../arguments/parse-arguments.js';
import type { CommandIo } from '../command-io.js';

import { JAVASCRIPT_APIS } from '../../catalogue/javascript-apis.js';
import { PYTHON_APIS } from '../../catalogue/python-apis.js';
import { listMigrations } from '../../codemods/registry.js';
import { ExitCode } from '../../report/exit-code.js';
import { createPalette, type Palette, wantsColour } from '../../report/palette.js';
import { assertNoPaths, textOrJson } from '../arguments/text-or-json.js';

/** Goes up when a field of the JSON output changes its meaning or is removed. */
const JSON_LIST_VERSION = 1;

/** How the output words each class of API. */
const FIX_CLASSES: ReadonlyMap<EntryFacts['fixClass'], string> = new Map([
  ['fix', 'rewritten'],
  ['conditional', 'rewritten where the behaviour provably stays the same'],
  ['report', 'reported'],
]);

interface Catalogue {
  readonly language: string;
  readonly entries: readonly EntryFacts[];
}

/**
 * Runs the command.
 *
 * @param parsed - The arguments.
 * @param io - The streams, the working directory and the environment variables.
 * @returns The exit code.
 */
export function listCommand(parsed: ParsedArguments, io: CommandIo): ExitCode {
  assertNoPaths(parsed);
  const format = textOrJson(parsed);
  const catalogues: readonly Catalogue[] = [
    { language: 'JavaScript', entries: JAVASCRIPT_APIS.filter(isActedOn) },
    { language: 'Python', entries: PYTHON_APIS.filter(isActedOn) },
  ];
  io.stdout.write(
    format === 'json'
      ? jsonList(catalogues)
      : textList(catalogues, createPalette(wantsColour(io.environment, io.stdout.isTTY))),
  );
  return ExitCode.Done;
}

/** Leaves out APIs that need no change, and those that no migration looks for. */
function isActedOn({ fixClass }: EntryFacts): boolean {
  return fixClass !== 'not-reported' && fixClass !== 'not-looked-for';
}

function jsonList(catalogues: readonly Catalogue[]): string {
  const document = {
    schemaVersion: JSON_LIST_VERSION,
    migrations: listMigrations().map(({ name, language, description, optIn = false }) => ({
      name,
      language,
      description,
      optIn,
    })),
    apis: catalogues.flatMap(({ language, entries }) =>
      entries.map((entry) => ({
        api: entry.id,
        language: language.toLowerCase(),
        kind: entry.kind,
        fixClass: entry.fixClass,
        versionsOf: entry.versionsOf,
        since: entry.since,
        deprecatedIn: entry.deprecatedIn,
        removedIn: entry.removedIn,
        replacement: entry.replacement,
        condition: entry.condition ?? null,
        message: entry.message,
        note: entry.note,
      })),
    ),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function textList(catalogues: readonly Catalogue[], palette: Palette): string {
  const migrations = listMigrations();
  const width = Math.max(...migrations.map(({ name }) => name.length));
  const lines = [
    palette.heading('Migrations (for --only)'),
    ...migrations.map(
      ({ name, language, description, optIn }) =>
        `  ${name.padEnd(width)}  ${palette.faint(language.padEnd(10))}  ${description}${optIn ? ' Runs only when named.' : ''}`,
    ),
  ];
  for (const { language, entries } of catalogues) {
    lines.push('', palette.heading(`Legacy APIs, ${language} (${entries.length})`));
    for (const entry of entries) lines.push(...entryLines(entry, palette));
  }
  return `${lines.join('\n')}\n`;
}

function entryLines(entry: EntryFacts, palette: Palette): string[] {
  const replacement = entry.replacement === null ? '' : ` → ${entry.replacement}`;
  const removed = entry.removedIn === null ? '' : `, removed in ${entry.versionsOf} ${entry.removedIn}`;
  return [
    `  ${entry.id}${replacement}`,
    `    ${palette.faint(`${FIX_CLASSES.get(entry.fixClass) ?? entry.fixClass}${removed}`)}`,
  ];
}
