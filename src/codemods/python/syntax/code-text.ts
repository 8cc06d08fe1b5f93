/**
 * Removes comments and strings from a Python text without parsing it, because a name in a docstring is not a use of the
 * API. Returns the whole text where it is not certain what a string is: parsing too much only costs time. Pure.
 */

/** A comment, or the opening quotes of a string. */
const COMMENT_OR_QUOTE = /#[^\n]*|'''|\"\"\"|'|"/g;

/** A prefix of a string that may contain code: f-strings and template strings. */
const CONTAINS_CODE = /[ft][a-z]{0,2}$/i;
const MAX_PREFIX_LENGTH = 3;

/** The text without comments, and with empty strings. Strings that contain code (`f'{x}'`) stay as they are. */
export function codeText(text: string): string {
  const next = new RegExp(COMMENT_OR_QUOTE);
  let code = '';
  let copied = 0;
  for (let match = next.exec(text); match !== null; match = next.exec(text)) {
    const [found] = match;
    if (found.startsWith('#')) {
      code += text.slice(copied, match.index);
      copied = next.lastIndex;
      continue;
    }
    const from = next.lastIndex;
    const end = endOfString(text, from, found);
    if (end === undefined) return text;
    next.lastIndex = end + found.length;
    if (CONTAINS_CODE.test(text.slice(Math.max(0, match.index - MAX_PREFIX_LENGTH), match.index))) {
      if (!hasEvenBraces(text.slice(from, end))) return text;
    } else {
      code += text.slice(copied, from);
      copied = end;
    }
  }
  return code + text.slice(copied);
}

/** The offset of the closing quote of a string; undefined when the line or the text ends first. */
function endOfString(text: string, from: number, quote: string): number | undefined {
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (isEscaped(text, from, at)) continue;
    return quote.length === 3 || isOneLine(text, from, at) ? at : undefined;
  }
  return undefined;
}

/** Whether an odd number of backslashes precedes an offset; the same rule applies to raw strings. */
function isEscaped(text: string, from: number, at: number): boolean {
  let before = at;
  while (before > from && text[before - 1] === '\\') before--;
  return (at - before) % 2 === 1;
}

function isOneLine(text: string, from: number, end: number): boolean {
  for (let at = text.indexOf('\n', from); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    if (!isEscaped(text, from, text[at - 1] === '\r' ? at - 1 : at)) return false;
  }
  return true;
}

/** Whether all braces are closed. Open braces mean that a quote inside `{}` was mistaken for the end of the string. */
function hasEvenBraces(content: string): boolean {
  let open = 0;
  for (const character of content) open += character === '{' ? 1 : character === '}' ? -1 : 0;
  return open === 0;
}
