/**
 * The pre-filter over a list of files: in which of them a migration can have anything to do.
 * Reads files; writes none.
 */
import type { MigrationSelection } from '../codemods/options.js';
import type { FileResult } from '../codemods/result.js';

import { failedResult } from '../codemods/failed-result.js';
import { LANGUAGES } from '../codemods/registry.js';
import { isSelected } from '../codemods/selection.js';
import { fileAccessError } from '../errors/file-access-error.js';

import { type CloseLook, createCloseLook } from './close-look.js';
import { OtherNames } from './other-names.js';
import { type ByteReader, createByteReader } from './read-file.js';
import { extensionOf, relativePath } from './walk.js';

/** Told now and then how far a run has come. */
export type ProgressListener = (step: 'scanning' | 'migrating', done: number, total: number) => void;

/** Files that have to be parsed, and those that could not be read. */
export interface Candidates {
  /** Relative to the root. */
  readonly paths: readonly string[];
  /** Sum of their sizes. */
  readonly bytes: number;
  /** The size of the largest. */
  readonly largest: number;
  readonly failures: readonly FileResult[];
  /** Names under which some of them hand on what migrations look for, and under which others use it. */
  readonly otherNames: readonly string[];
}

const FILES_BETWEEN_REPORTS = 256;

/** The file name endings that some selected migration reads. */
export function migratableExtensions(selection: MigrationSelection): ReadonlySet<string> {
  return new Set(selectedLanguages(selection).flatMap(({ extensions }) => extensions));
}

/** Reads each file once; most are dropped on a look at their bytes. */
export function findCandidates(
  files: readonly string[],
  root: string,
  selection: MigrationSelection,
  onProgress: ProgressListener = () => undefined,
): Candidates {
  const mayMatch = createLooks(selection, root);
  const read: ByteReader = createByteReader();
  const others = new OtherNames(selectedLanguages(selection));
  const found = new Set<string>();
  const failures: FileResult[] = [];
  let bytes = 0;
  let largest = 0;
  const take = (file: string, content: Buffer): void => {
    bytes += content.length;
    largest = Math.max(largest, content.length);
    found.add(file);
    others.learn(file, content);
  };
  for (const [index, file] of files.entries()) {
    if (index % FILES_BETWEEN_REPORTS === 0) onProgress('scanning', index, files.length);
    try {
      const content = read(file);
      if (!mayMatch(file, content)) continue;
      take(file, content);
    } catch (cause) {
      failures.push(failedResult(relativePath(root, file), fileAccessError('read', cause)));
    }
  }
  // Names may be handed on from file to file; each round looks for the ones that the round before has found.
  for (let search = others.next(); search !== undefined; search = others.next()) {
    for (const file of files) {
      if (found.has(file)) continue;
      const content = readable(read, file);
      if (content !== undefined && search(file, content)) take(file, content);
    }
  }
  const paths = files.filter((file) => found.has(file)).map((file) => relativePath(root, file));
  return { paths, bytes, largest, failures, otherNames: others.names };
}

/** The bytes of a file; one that cannot be read has been told of. */
function readable(read: ByteReader, file: string): Buffer | undefined {
  try {
    return read(file);
  } catch {
    return undefined;
  }
}

/** One look for each file name ending. */
function createLooks(selection: MigrationSelection, root: string): CloseLook {
  const looks = new Map<string, CloseLook>();
  for (const language of selectedLanguages(selection)) {
    const look = createCloseLook(language, root);
    for (const extension of language.extensions) looks.set(extension, look);
  }
  return (file, content) => looks.get(extensionOf(file))?.(file, content) ?? false;
}

function selectedLanguages(selection: MigrationSelection) {
  return LANGUAGES.map((entry) => ({
    ...entry,
    migrations: entry.migrations.filter((migration) => isSelected(migration, selection)),
  })).filter(({ migrations }) => migrations.length > 0);
}
