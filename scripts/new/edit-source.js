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
  const start = text.indexOf(`const ${table}`);
  const end = start === -1 ? -1 : text.slice(start).search(/^[\]})]/m);
  if (end === -1) throw new Error(`There is no table ${table}.`);
  return `${text.slice(0, start + end)}${entry}\n${text.slice(start + end)}`;
}
