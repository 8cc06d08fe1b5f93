/** Converts the positions of Python's parser, whose columns count bytes, to those of findings. Pure. */
import type { Position } from '../../codemods/result.js';

/** Where something stands in a Python text. */
export interface PythonPlace {
  /** 1-based. */
  readonly line: number;
  /** 0-based, in bytes of UTF-8. */
  readonly column: number;
}

/** The positions in one text. */
export class PythonPositions {
  readonly #text: string;
  readonly #starts: readonly number[];

  /** @param text - Without a byte-order mark. */
  constructor(text: string) {
    this.#text = text;
    this.#starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length)];
  }

  /**
   * Converts a place.
   *
   * @param place - A place in this text.
   * @returns The same position.
   */
  at({ line, column }: PythonPlace): Position {
    const start = this.#starts[line - 1] ?? this.#text.length;
    const end = this.#starts[line] ?? this.#text.length;
    const before = Buffer.from(this.#text.slice(start, end), 'utf8').subarray(0, column).toString('utf8');
    return { offset: start + before.length, line, column: before.length + 1 };
  }
}
