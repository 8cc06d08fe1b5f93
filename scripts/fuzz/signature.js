/** Tells whether two problems have the same cause, as far as their words tell. Pure. */

/** @import { Problem } from './check-input.js' */

/**
 * The words of a problem without what depends on the text.
 * @param {Problem} problem - The problem.
 * @returns {string} Equal for problems that are likely the same.
 */
export function signatureOf({ kind, detail }) {
  if (kind === 'lost comment' || kind === 'hang') return kind;
  const words = detail.split('\n').slice(0, 2).join(' ');
  return `${kind} ${words
    .replace(/\d+/g, 'N')
    .replace(/(?:input|expected|output|\w+)\.(?:py|ipynb|[cm]?[jt]sx?)\b/g, 'FILE')
    .replace(/'[^']*'/g, 'Q')}`;
}
