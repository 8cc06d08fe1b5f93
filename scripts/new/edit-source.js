/** Adds an import and a table line to the text of a module. Pure. */

/**
 * Adds an import of a module in the same folder, in alphabetical order.
 * @param {string} text - The module.
 * @param {string} names - What to import: `{ fuseAdam }`.
 * @param {string} specifier - Where from: `./fuse-adam.js`.
 */
export function addImport(text, names, specifier) {
  const line = `import ${names} from '${specifier}';\n`;
  const imports = [...text.matchAll(/^import (?!type)[^;]*? from '(\.\/[^']+)';\n/gm)];
  const next = imports.find(([, other = '']) => other > specifier);
  if (next !== undefined) return text.slice(0, next.index) + line + text.slice(next.index);
  const last = imports.at(-1);
  if (last === undefined) throw new Error(`There is no import to put ${specifier} next to.`);
  const end = last.index + last[0].length;
  return text.slice(0, end) + line + text.slice(end);
}

/**
 * Adds a line at the end of a table.
 * @param {string} text - The module.
 * @param {string} table - Name of the constant that holds the table.
 * @param {string} entry - The line, or several.
 */
export function addEntry(text, table, entry) {
  const { end } = boundsOf(text, table);
  return insert(text, end, entry);
}

/**
 * Adds a line to a table whose lines are in alphabetical order.
 * @param {string} text - The module.
 * @param {string} table - Name of the constant that holds the table.
 * @param {string} entry - The line.
 */
export function addSortedEntry(text, table, entry) {
  const { begin, end } = boundsOf(text, table);
  const next = [...text.slice(begin, end).matchAll(/^.+\n/gm)].find(([line]) => line > entry);
  return insert(text, next === undefined ? end : begin + next.index, entry);
}

/**
 * Adds a line to a table in front of the last one with a certain text.
 * @param {string} text - The module.
 * @param {string} table - Name of the constant that holds the table.
 * @param {string} entry - The line.
 * @param {string} before - The beginning of the line that comes after it.
 */
export function addEntryBefore(text, table, entry, before) {
  const { begin, end } = boundsOf(text, table);
  const index = text.slice(begin, end).lastIndexOf(`\n${before}`);
  if (index === -1) throw new Error(`The table ${table} has no line "${before.trim()}".`);
  return insert(text, begin + index + 1, entry);
}

/**
 * Finds the lines of a table.
 * @param {string} text - The module.
 * @param {string} table - Name of the constant that holds the table.
 * @returns {{ begin: number, end: number }} Where the first line begins and where the last one ends.
 */
function boundsOf(text, table) {
  const start = text.indexOf(`const ${table}`);
  const length = start === -1 ? -1 : text.slice(start).search(/^[\]})]/m);
  if (length === -1) throw new Error(`There is no table ${table}.`);
  return { begin: text.indexOf('\n', start) + 1, end: start + length };
}

/**
 * @param {string} text - The module. @param {number} index - Where a line begins. @param {string} entry - The line to
 * put there.
 */
function insert(text, index, entry) {
  return `${text.slice(0, index)}${entry}\n${text.slice(index)}`;
}
