/**
 * Under which other names a file hands on what it has under known ones, told from its text: `export { multiGpuModel as spread }`.
 * A name too many only costs the parsing of a file. Pure.
 */
import { posix } from 'node:path';

const NAME = String.raw`[\w$]+`;

/**
 * Strings that a file has to hold to use a name that this one hands on anew.
 * @param path - of the file: a default export goes by any name, but its import names the file
 * @param known - the names to look for
 */
export function handedOnNames(path: string, text: string, known: readonly string[]): string[] {
  const locals = localNames(text, known);
  const handedOn = new Set<string>();
  const handOn = (name: string | undefined): void => {
    if (name === 'default') handedOn.add(importedAs(path));
    else if (name !== undefined && !known.some((each) => name.includes(each))) handedOn.add(name);
  };
  for (const [, list = ''] of text.matchAll(/\bexport\s*\{([^}]*)\}/g)) {
    for (const [local, exported = local] of pairs(list, /\s+as\s+/)) if (locals.has(local)) handOn(exported);
  }
  for (const [, list = ''] of text.matchAll(/\bmodule\.exports\s*=\s*\{([^}]*)\}/g)) {
    for (const [exported, local = exported] of pairs(list, /\s*:\s*/))
      if (locals.has(lastMember(local))) handOn(exported);
  }
  const local = `(?:${NAME}\\.|require\\([^)]*\\)\\.)*(?:${[...locals].map(escaped).join('|')})\\s*(?:;|$)`;
  for (const [, name] of text.matchAll(
    new RegExp(`\\bexport\\s+(?:const|let|var)\\s+(${NAME})\\s*=\\s*${local}`, 'gm'),
  ))
    handOn(name);
  for (const [, name] of text.matchAll(new RegExp(`\\bexports\\.(${NAME})\\s*=\\s*${local}`, 'gm'))) handOn(name);
  if (new RegExp(`\\b(?:export\\s+default|module\\.exports\\s*=)\\s*${local}`, 'm').test(text)) handOn('default');
  return [...handedOn];
}

/** The known names and those that the file itself gives them. */
function localNames(text: string, known: readonly string[]): ReadonlySet<string> {
  const locals = new Set(known);
  for (const name of locals) {
    const renamed = new RegExp(
      `\\b${escaped(name)}\\s*(?:as\\s+|:\\s*)(${NAME})|(?:const|let|var)\\s+(${NAME})\\s*=\\s*(?:[\\w$.]+\\.|require\\([^)]*\\)\\.)?${escaped(name)}\\s*(?:;|$)`,
      'gm',
    );
    for (const [, listed, declared] of text.matchAll(renamed)) locals.add(listed ?? declared ?? name);
  }
  return locals;
}

function pairs(list: string, separator: RegExp): (readonly [string, string?])[] {
  return list.split(',').map((entry) => entry.trim().split(separator) as [string, string?]);
}

function lastMember(expression: string): string {
  return expression.trim().split('.').at(-1) ?? '';
}

/** How an import spells a file: `./spread`, `../gpu` for `gpu/index.js`. */
function importedAs(path: string): string {
  const { dir, name } = posix.parse(path.replaceAll('\\', '/'));
  return `/${name === 'index' ? posix.basename(dir) : name}`;
}

function escaped(name: string): string {
  return name.replace(/\$/g, '\\$');
}
