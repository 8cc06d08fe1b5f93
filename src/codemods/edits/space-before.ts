/** Measures white space without a pattern, which would take quadratic time on long runs of spaces. Pure. */

/** How many spaces and tabs come right before an offset. */
export function spaceBefore(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  return offset - start;
}

/** The length of the semicolon before an offset with the white space around it, or of the white space alone. */
export function separatorBefore(text: string, offset: number): number {
  const space = spaceBefore(text, offset);
  const at = offset - space - 1;
  return text[at] === ';' ? space + 1 + spaceBefore(text, at) : space;
}
