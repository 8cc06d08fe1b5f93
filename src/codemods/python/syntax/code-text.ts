/**
 * A Python text without its comments and strings, told without parsing: what a name in a docstring says is no use of it. Where
 * the strings cannot be told for certain the text comes back whole, for looking too closely only costs time. Pure.
 */

/** A comment, or the opening quotes of a string. */
const COMMENT_OR_QUOTE = /#[^\n]*|'''|\"\"\"|'|"/g;

/** Letters that make a string hold code, somewhere in what stands before its quotes. */
const HOLDS_CODE = /[ft][a-z]*$/i;
const LONGEST_PREFIX = 3;

/** The text with comments gone and strings empty. Strings that hold code (`f'{x}'`) stay as they are. */
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
    if (HOLDS_CODE.test(text.slice(Math.max(0, match.index - LONGEST_PREFIX), match.index))) {
      if (!hasEvenBraces(text.slice(from, end))) return text;
    } else {
      code += text.slice(copied, from);
      copied = end;
    }
  }
  return code + text.slice(copied);
}

/** Where the closing quote of a string stands; `undefined` where the line or the text ends first. */
function endOfString(text: string, from: number, quote: string): number | undefined {
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (isEscaped(text, from, at)) continue;
    return quote.length === 3 || isOneLine(text, from, at) ? at : undefined;
  }
  return undefined;
}

/** Whether an odd number of backslashes stands before a place; raw strings count them alike. */
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

/** A quote inside of `{}` may end the string as it is told here, but not for Python: then braces are left open. */
function hasEvenBraces(content: string): boolean {
  let open = 0;
  for (const character of content) open += character === '{' ? 1 : character === '}' ? -1 : 0;
  return open === 0;
}
