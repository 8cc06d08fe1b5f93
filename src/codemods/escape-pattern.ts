/** Makes a text part of a regular expression. Pure. */

/** The text with a backslash before each character that has a meaning in a pattern. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
