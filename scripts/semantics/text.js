/** Lines of Python code: nesting, and the style of their indentation. Pure. */

/**
 * Moves lines one level deeper.
 * @param {readonly string[]} lines - Lines.
 * @returns {string[]} The same lines with four more spaces; empty lines stay empty.
 */
export function indented(lines) {
  return lines.map((line) => (line === '' ? '' : `    ${line}`));
}

/**
 * A compound statement.
 * @param {string} head - Its first line, with the colon.
 * @param {readonly string[]} body - Its statements; `pass` if there is none.
 * @returns {string[]} Lines.
 */
export function block(head, body) {
  return [head, ...indented(body.length === 0 ? ['pass'] : body)];
}

/**
 * Changes the style of indentation.
 * @param {readonly string[]} lines - Lines, indented with four spaces.
 * @param {string} style - One of the options of the choice `indentation`.
 * @returns {string} The text.
 */
export function withIndentation(lines, style) {
  let inTabs = false;
  const changed = lines.map((line) => {
    const depth = /^ */.exec(line)?.[0].length ?? 0;
    // Every second function or class of a file with mixed indentation uses tabs.
    if (depth === 0 && line !== '') inTabs = /^(def|class) \w*[a-m]\b/.test(line.replace(/\(.*/, '').replace(/:$/, ''));
    if (style === 'spaces' || (style === 'tab-in-functions' && !inTabs)) return line;
    const unit = style === 'two' ? '  ' : '\t';
    return unit.repeat(Math.floor(depth / 4)) + ' '.repeat(depth % 4) + line.slice(depth);
  });
  return `${changed.join('\n')}\n`;
}
