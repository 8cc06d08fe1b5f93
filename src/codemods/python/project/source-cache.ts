/** Keeps the trees of a run, so that all migrations and all files that ask about a file share one. Pure. */
import type { PythonParser } from '../syntax/parser.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { type NotebookSource, readNotebook } from '../../notebook/source.js';
import { PythonSource } from '../syntax/source.js';

/**
 * A tree takes about fifty bytes per character of its text. Beyond this many characters, the trees of the files that
 * were used longest ago are dropped; they are parsed again if a later file asks for them.
 */
const MAX_CHARACTERS = 8_000_000;

/** Analyzing a larger text takes more than ten seconds. Such files hold data rather than code. */
const MAX_CHARACTERS_OF_TEXT = 2_000_000;

/** The texts of one file: as it was read, between migrations, and as it becomes. */
const MAX_TEXTS_OF_FILE = 4;

interface CachedText {
  readonly text: string;
  readonly source: PythonSource | NotebookSource;
}

/** The parsed texts of one run, by path. */
export class SourceCache {
  readonly #parser: PythonParser;
  /** From the file that was used longest ago to the latest. */
  readonly #files = new Map<string, readonly CachedText[]>();
  #characters = 0;

  constructor(parser: PythonParser) {
    this.#parser = parser;
  }

  /**
   * The source of a Python text.
   *
   * @param path - Its path.
   * @param text - The text.
   * @param displayPath - The path, for messages.
   * @returns The source.
   * @throws {MirrorscopeError} `TOO_LARGE`.
   */
  python(path: string, text: string, displayPath = path): PythonSource {
    assertSize(displayPath, text);
    return this.#cached(path, text, () => this.#parser.parse(path, text)) as PythonSource;
  }

  /**
   * The source of a notebook.
   *
   * @param path - Its path.
   * @param text - The JSON text.
   * @param displayPath - The path, for messages.
   * @returns The source.
   * @throws {MirrorscopeError} `SYNTAX` when the text is not JSON, `TOO_LARGE` when it has too much code.
   */
  notebook(path: string, text: string, displayPath = path): NotebookSource {
    return this.#cached(path, text, () =>
      readNotebook(displayPath, text, (code, boundaries) => {
        assertSize(displayPath, code);
        return new PythonSource(path, code, () => this.#parser.parse(path, code).root, boundaries);
      }),
    ) as NotebookSource;
  }

  #cached(path: string, text: string, read: () => CachedText['source']): CachedText['source'] {
    const texts = this.#files.get(path) ?? [];
    const known = texts.find((each) => each.text === text) ?? { text, source: read() };
    const kept = [known, ...texts.filter((each) => each !== known)].slice(0, MAX_TEXTS_OF_FILE);
    this.#characters += charactersOf(kept) - charactersOf(texts);
    this.#files.delete(path);
    this.#files.set(path, kept);
    this.#dropOldest(path);
    return known.source;
  }

  #dropOldest(latest: string): void {
    for (const [path, texts] of this.#files) {
      if (this.#characters <= MAX_CHARACTERS || path === latest) return;
      this.#files.delete(path);
      this.#characters -= charactersOf(texts);
    }
  }
}

function assertSize(path: string, { length }: string): void {
  if (length <= MAX_CHARACTERS_OF_TEXT) return;
  throw new MirrorscopeError(
    ErrorCode.TooLarge,
    `${path} has ${length} characters of Python; at most ${MAX_CHARACTERS_OF_TEXT} are analyzed.`,
  );
}

function charactersOf(texts: readonly CachedText[]): number {
  return texts.reduce((sum, { text }) => sum + text.length, 0);
}
