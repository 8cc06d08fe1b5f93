/** Recognizes minified JavaScript, which nobody edits: a tool writes it from sources. Pure. */

/** Smaller files cost nothing. */
const MIN_BYTES = 32 * 1024;

/** Longer lines are not written by hand. */
const MAX_LINE_LENGTH = 1000;

/** The part of a long line that is braces and semicolons, if the line is code and not an encoded image or a table. */
const MIN_PUNCTUATION = 0.01;

const NEWLINE = 0x0a;
const PUNCTUATION: ReadonlySet<number> = new Set(Buffer.from('{};'));

/**
 * Whether most of a file consists of long lines of code.
 *
 * @param content - The bytes of a JavaScript file.
 */
export function isMinified(content: Buffer): boolean {
  if (content.length < MIN_BYTES) return false;
  let inLongLines = 0;
  for (let start = 0; start < content.length;) {
    const newline = content.indexOf(NEWLINE, start);
    const end = newline === -1 ? content.length : newline;
    if (end - start > MAX_LINE_LENGTH && isCode(content.subarray(start, end))) inLongLines += end - start;
    start = end + 1;
  }
  return inLongLines > content.length / 2;
}

function isCode(line: Buffer): boolean {
  let punctuation = 0;
  for (const byte of line) if (PUNCTUATION.has(byte)) punctuation += 1;
  return punctuation >= line.length * MIN_PUNCTUATION;
}
