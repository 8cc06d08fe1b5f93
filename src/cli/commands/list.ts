/** `mirrorscope list`: the migrations, and every legacy API of the catalogue. Reads nothing. */
import type { EntryFacts } from '../../catalogue/catalogue-entry.js';
import type { ParsedArguments } from '../arguments/parse-arguments.js';
import type { CommandIo } from '../command-io.js';
import type { ExitCode } from '../command-table.js';

import { JAVASCRIPT_APIS } from '../../catalogue/javascript-apis.js';
import { PYTHON_APIS } from '../../catalogue/python-apis.js';
import { listMigrations } from '../../codemods/registry.js';
import { createPalette, type Palette, wantsColour } from '../../report/palette.js';
import { plainFormat } from '../arguments/plain-format.js';

/** Raised when a field of the JSON form changes its meaning or goes away. */
const JSON_LIST_VERSION = 1;

/** What is said about each class of API, in the words of the output. */
const FIX_CLASSES: ReadonlyMap<EntryFacts['fixClass'], string> = new Map([
  ['fix', 'rewritten'],
  ['conditional', 'rewritten where provably the same'],
  ['report', 'reported'],
]);

interface Catalogue {
  readonly language: string;
  readonly entries: readonly EntryFacts[];
}

/** Runs the command. */
export async function listCommand(parsed: ParsedArguments, io: CommandIo): Promise<ExitCode> {
  const format = plainFormat(parsed);
  const catalogues: readonly Catalogue[] = [
    { language: 'JavaScript', entries: JAVASCRIPT_APIS.filter(isActedOn) },
    { language: 'Python', entries: PYTHON_APIS.filter(isActedOn) },
  ];
  io.stdout.write(
    format === 'json'
      ? jsonList(catalogues)
      : textList(catalogues, createPalette(wantsColour(io.environment, io.stdout.isTTY))),
  );
  return 0;
}

/** What was looked at and is fine as it is would only be noise. */
function isActedOn({ fixClass }: EntryFacts): boolean {
  return fixClass !== 'considered';
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
        `  ${name.padEnd(width)}  ${palette.faint(language.padEnd(10))}  ${description}${optIn ? ' Only where it is named.' : ''}`,
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
  const removed = entry.removedIn === null ? '' : `, gone from ${entry.versionsOf} ${entry.removedIn}`;
  return [
    `  ${entry.id}${replacement}`,
    `    ${palette.faint(`${FIX_CLASSES.get(entry.fixClass) ?? entry.fixClass}${removed}`)}`,
  ];
}
