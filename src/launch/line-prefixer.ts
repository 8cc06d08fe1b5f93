/** Puts the name of a worker in front of each line that it writes. Pure. */

const NEWLINE = 0x0a;
/** A longer line is written in parts, so that a program that never ends a line cannot fill the memory. */
const MAX_LINE_BYTES = 65_536;

/**
 * Cuts the bytes of one stream into lines with a prefix. Only whole lines come out, so that lines of several workers
 * never mix, and no character is cut in two.
 */
export class LinePrefixer {
  readonly #prefix: Buffer;
  #parts: Buffer[] = [];
  #length = 0;

  /** @param prefix - What to put in front of each line. */
  constructor(prefix: string) {
    this.#prefix = Buffer.from(prefix);
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @param chunk - The bytes.
   * @returns The lines that are complete now, each with the prefix and a newline; empty when there are none.
   */
  push(chunk: Buffer): Buffer {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#add(chunk.subarray(start, end));
      lines.push(...this.#takeLine());
      start = end + 1;
    }
    this.#add(chunk.subarray(start));
    if (this.#length > MAX_LINE_BYTES) lines.push(...this.#takeLine());
    return Buffer.concat(lines);
  }

  /**
   * Ends the stream.
   *
   * @returns The last line, if it had no newline; otherwise empty.
   */
  end(): Buffer {
    return this.#length === 0 ? Buffer.alloc(0) : Buffer.concat(this.#takeLine());
  }

  #add(part: Buffer): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
  }

  #takeLine(): Buffer[] {
    const line = [this.#prefix, ...this.#parts, Buffer.of(NEWLINE)];
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
