/** Indexes the catalogue by module and path, by method name and by specifier. Built once, never changed. Pure. */
import type { JavaScriptEntry, JavaScriptMatch } from '../../../catalogue/catalogue-entry.js';

import { JAVASCRIPT_APIS } from '../../../catalogue/javascript-apis.js';

type MatchBy<By extends JavaScriptMatch['by']> = Extract<JavaScriptMatch, { by: By }>;

/** An entry whose `match` is of one kind. */
export type EntryBy<By extends JavaScriptMatch['by']> = JavaScriptEntry & { readonly match: MatchBy<By> };

/** One path of one entry. */
interface ExportPattern {
  readonly entry: EntryBy<'export'>;
  readonly isModule: (specifier: string) => boolean;
  readonly path: readonly string[];
  readonly isLast: (name: string) => boolean;
}

/** An entry that a path reaches, and how many members of the path lead to it. */
export interface PathMatch {
  readonly entry: EntryBy<'export'>;
  readonly length: number;
}

const isBy =
  <By extends JavaScriptMatch['by']>(by: By) =>
  (entry: JavaScriptEntry): entry is EntryBy<By> =>
    entry.match.by === by;

const EXPORTS: readonly ExportPattern[] = JAVASCRIPT_APIS.filter(isBy('export')).flatMap((entry) => [
  ...entry.match.places.map(({ modules, path }) => exportPattern(entry, modules, path)),
  ...(entry.match.names ?? []).map(({ modules, name, message, to }) =>
    exportPattern({ ...entry, message, ...(to === undefined ? {} : { fix: { kind: 'rename', to: [to] } }) }, modules, [
      name,
    ]),
  ),
]);

/** Patterns by the first name of their path; patterns without a fixed first name are under `*`. */
const BY_FIRST_NAME = patternsByFirstName();

const MODULE_ENTRIES = JAVASCRIPT_APIS.filter(isBy('module')).map((entry) => ({
  entry,
  isModule: matcherOf(entry.match.specifiers),
}));

const RECEIVER_ENTRIES = entriesByMember();

/** Modules that make an entry of another module apply, or not apply, in the files that load them. */
const WITNESSES: ReadonlySet<string> = new Set(
  [...EXPORTS.map(({ entry }) => entry.match.call), ...MODULE_ENTRIES.map(({ entry }) => entry.match)].flatMap(
    (match) => [
      ...(match?.besideImportOf ?? []),
      ...((match !== undefined && 'withoutImportOf' in match && match.withoutImportOf) || []),
    ],
  ),
);

/** Whether some catalogue entry depends on a module. */
export function isCataloguedModule(specifier: string): boolean {
  return (
    WITNESSES.has(specifier) ||
    EXPORTS.some(({ isModule }) => isModule(specifier)) ||
    MODULE_ENTRIES.some(({ isModule }) => isModule(specifier))
  );
}

/** The entries that a path from a module reaches, the longest first. */
export function entriesAt(module: string, path: readonly string[]): PathMatch[] {
  const found: PathMatch[] = [];
  for (const pattern of [...(BY_FIRST_NAME.get(path[0] ?? '') ?? []), ...(BY_FIRST_NAME.get('*') ?? [])]) {
    const { length } = pattern.path;
    if (path.length < length || !pattern.isModule(module)) continue;
    if (!pattern.path.slice(0, -1).every((name, index) => path[index] === name)) continue;
    const last = path[length - 1] ?? '';
    if (!pattern.isLast(last) || pattern.entry.match.except?.includes(last)) continue;
    found.push({ entry: pattern.entry, length: pattern.entry.match.deep ? path.length : length });
  }
  return found.sort((a, b) => b.length - a.length || specificity(b.entry) - specificity(a.entry));
}

/** The entries of a module specifier itself. */
export function moduleEntries(specifier: string): readonly EntryBy<'module'>[] {
  return MODULE_ENTRIES.filter(({ isModule }) => isModule(specifier)).map(({ entry }) => entry);
}

/** Whether a module exports the same value as the root of its package does under the same name. */
export function isSameAtRoot(specifier: string, name: string, root: string): boolean {
  return moduleEntries(specifier).some(
    ({ fix }) =>
      fix?.kind === 'replace-module' &&
      fix.to === root &&
      specifier.startsWith(root) &&
      (fix.exports?.includes(name) ?? true),
  );
}

/** The entries of methods and properties of this name. */
export function receiverEntries(member: string): readonly EntryBy<'receiver'>[] {
  return RECEIVER_ENTRIES.get(member) ?? [];
}

function exportPattern(entry: EntryBy<'export'>, modules: readonly string[], path: readonly string[]): ExportPattern {
  return { entry, isModule: matcherOf(modules), path, isLast: matcherOf([path.at(-1) ?? '']) };
}

function patternsByFirstName(): ReadonlyMap<string, readonly ExportPattern[]> {
  const byName = new Map<string, ExportPattern[]>();
  for (const pattern of EXPORTS) {
    const [first = '*'] = pattern.path;
    const name = first.includes('*') ? '*' : first;
    byName.set(name, [...(byName.get(name) ?? []), pattern]);
  }
  return byName;
}

function entriesByMember(): ReadonlyMap<string, readonly EntryBy<'receiver'>[]> {
  const byMember = new Map<string, EntryBy<'receiver'>[]>();
  for (const entry of JAVASCRIPT_APIS.filter(isBy('receiver'))) {
    for (const member of entry.match.members) byMember.set(member, [...(byMember.get(member) ?? []), entry]);
  }
  return byMember;
}

/** Ranks entries of one path: first the one with most conditions on the call, and an exact name before a pattern. */
function specificity({ match: { call, places } }: EntryBy<'export'>): number {
  const isPattern = places.some(({ path }) => path.some((name) => name.includes('*')));
  return (call === undefined ? 0 : 1 + Object.keys(call).length) * 2 + (isPattern ? 0 : 1);
}

/** Compiles patterns of the catalogue: `*` matches within a path segment, `**` across segments. */
function matcherOf(patterns: readonly string[]): (text: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const expressions = patterns
    .filter((pattern) => pattern.includes('*'))
    .map((pattern) => {
      const source = pattern
        .replace(/[.+?^${}()|[\]\\/]/g, '\\$&')
        .replace(/\*\*|\*/g, (star) => (star === '**' ? '.*' : '[^/]*'));
      return new RegExp(`^${source}$`);
    });
  return (text) => exact.has(text) || expressions.some((expression) => expression.test(text));
}
