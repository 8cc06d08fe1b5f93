/** The sections of a page that `npm run docs` writes, between markers. People write the rest. Pure. */

/**
 * Replaces what stands between the markers of a section.
 * @param {string} page - The page.
 * @param {string} section - Name of the section.
 * @param {string} content - New content.
 * @returns {string} The new page.
 * @throws {Error} When the page lacks the markers.
 */
export function replaceSection(page, section, content) {
  const begin = `<!-- begin generated ${section} -->`;
  const end = `<!-- end generated ${section} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from)
    throw new Error(`The page has no section "${section}": put ${begin} and ${end} where it should be.`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}
