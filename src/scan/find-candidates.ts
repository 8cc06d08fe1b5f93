/** The prefilter over a list of files: which of them have to be parsed. Reads files; writes none. */
import type { MigrationSelection } from '../codemods/options.js';
import type { FileResult } from '../codemods/result.js';
import type { WalkResult } from './walk.js';

import { failedResult } from '../codemods/failed-result.js';
import { LANGUAGES } from '../codemods/registry.js';
import { isSelected } from '../codemods/selection.js';
import { fileAccessError } from '../errors/file-access-error.js';

import { isMinified } from './minified-code.js';
import { createParseFilter, type ParseFilter } from './parse-filter.js';
import { ReExportedNames } from './re-exported-names.js';
import { type ByteReader, createByteReader } from './read-file.js';
import { extensionOf, relativePath } from './walk.js';

/** Receives the progress of a run from time to time. */
export type ProgressListener = (step: 'scanning' | 'migrating', done: number, total: number) => void;

/** The files to parse, and those that could not be read. */
export interface Candidates {
  /** Relative to the root. */
  readonly paths: readonly string[];
  /** The sum of their sizes. */
  readonly bytes: number;
  /** The size of the largest, in bytes. */
  readonly largest: number;
  readonly failures: readonly FileResult[];
  /** Minified files, relative to the root: tools build them from other files, so they are skipped unless named. */
  readonly minified: readonly string[];
  /** Names under which some of them re-export what the migrations look for. */
  readonly reExportedNames: readonly string[];
}

const FILES_BETWEEN_REPORTS = 256;

const JAVASCRIPT_EXTENSIONS: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs']);

/** The file name extensions that the selected migrations read. */
export function migratableExtensions(selection: MigrationSelection): ReadonlySet<string> {
  return new Set(selectedLanguages(selection).flatMap(({ extensions }) => extensions));
}

/** Reads each file once and drops most of them by their bytes. Named files are never dropped for being minified. */
export function findCandidates(
  { files, named }: Pick<WalkResult, 'files' | 'named'>,
  root: string,
  selection: MigrationSelection,
  onProgress: ProgressListener = () => undefined,
): Candidates {
  const mayNeedParsing = createFilters(selection, root);
  const read: ByteReader = createByteReader();
  const names = new ReExportedNames(selectedLanguages(selection));
  const found = new Set<string>();
  const failures: FileResult[] = [];
  const minified = new Set<string>();
  let bytes = 0;
  let largest = 0;
  const take = (file: string, content: Buffer): void => {
    bytes += content.length;
    largest = Math.max(largest, content.length);
    found.add(file);
    names.addFrom(file, content);
  };
  for (const [index, file] of files.entries()) {
    if (index % FILES_BETWEEN_REPORTS === 0) onProgress('scanning', index, files.length);
    try {
      const content = read(file);
      if (!mayNeedParsing(file, content)) continue;
      if (JAVASCRIPT_EXTENSIONS.has(extensionOf(file)) && !named.has(file) && isMinified(content)) minified.add(file);
      else take(file, content);
    } catch (cause) {
      failures.push(failedResult(relativePath(root, file), fileAccessError('read', cause)));
    }
  }
  // A re-exported name can be re-exported again: each round searches for the names that the previous round found.
  for (let search = names.searchForNewNames(); search !== undefined; search = names.searchForNewNames()) {
    for (const file of files) {
      if (found.has(file) || minified.has(file)) continue;
      const content = readable(read, file);
      if (content !== undefined && search(file, content)) take(file, content);
    }
  }
  const paths = files.filter((file) => found.has(file)).map((file) => relativePath(root, file));
  const skipped = [...minified].map((file) => relativePath(root, file));
  return { paths, bytes, largest, failures, minified: skipped, reExportedNames: names.names };
}

/** The bytes of a file; `undefined` if it cannot be read, which has already been reported. */
function readable(read: ByteReader, file: string): Buffer | undefined {
  try {
    return read(file);
  } catch {
    return undefined;
  }
}

/** One filter for all file name extensions. */
function createFilters(selection: MigrationSelection, root: string): ParseFilter {
  const filters = new Map<string, ParseFilter>();
  for (const language of selectedLanguages(selection)) {
    const filter = createParseFilter(language, root);
    for (const extension of language.extensions) filters.set(extension, filter);
  }
  return (file, content) => filters.get(extensionOf(file))?.(file, content) ?? false;
}

function selectedLanguages(selection: MigrationSelection) {
  return LANGUAGES.map((entry) => ({
    ...entry,
    migrations: entry.migrations.filter((migration) => isSelected(migration, selection)),
  })).filter(({ migrations }) => migrations.length > 0);
}
