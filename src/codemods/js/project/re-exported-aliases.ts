/**
 * Finds the new names under which a file exports known names, by matching its text: `export { multiGpuModel as spread
 * }`. May return too many names, which only costs the parsing of a few more files. Pure.
 */
import { posix } from 'node:path';

import { escapePattern } from '../../escape-pattern.js';

const NAME = String.raw`[\w$]+`;
const PARAMETER = String.raw`[a-zA-Z_$][\w$]*`;

/**
 * Finds the strings by which other files may use a known name through this file.
 *
 * @param path - The path of the file. An import of a default export can choose any name, but it contains the name of
 *   the file.
 * @param text - The text of the file.
 * @param known - The names to look for.
 * @returns The new names; for a default export `/` and the name of the file or folder.
 */
export function reExportedAliases(path: string, text: string, known: readonly string[]): string[] {
  const locals = localNames(text, known);
  const aliases = new Set<string>();
  const add = (name: string | undefined): void => {
    if (name === 'default') aliases.add(importedAs(path));
    else if (name !== undefined && !known.some((each) => name.includes(each))) aliases.add(name);
  };
  for (const [, list = ''] of text.matchAll(/\bexport\s*\{([^}]*)\}/g)) {
    for (const [local, exported = local] of pairs(list, ' as ')) if (locals.has(local)) add(exported);
  }
  for (const [, list = ''] of text.matchAll(/\bmodule\.exports\s*=\s*\{([^}]*)\}/g)) {
    for (const [exported, local = exported] of pairs(list, ':')) if (locals.has(lastMember(local))) add(exported);
  }
  const local = `(?:${NAME}\\.|require\\([^)]*\\)\\.)*(?:${[...locals].map(escapePattern).join('|')})\\s*(?:;|$)`;
  const declared = new RegExp(`\\bexport\\s+(?:const|let|var)\\s+(${NAME})\\s*=\\s*${local}`, 'gm');
  const assigned = new RegExp(`\\bexports\\.(${NAME})\\s*=\\s*${local}`, 'gm');
  const defined = new RegExp(
    `\\bexport\\s+(default\\s+)?(?:(?:async\\s+)?function|const|let|var)\\s+(${[...locals].map(escapePattern).join('|')})\\b`,
    'g',
  );
  for (const [, isDefault, name] of text.matchAll(defined)) add(isDefault === undefined ? name : 'default');
  for (const [, name] of text.matchAll(declared)) add(name);
  for (const [, name] of text.matchAll(assigned)) add(name);
  if (new RegExp(`\\b(?:export\\s+default|module\\.exports\\s*=)\\s*${local}`, 'm').test(text)) add('default');
  return [...aliases];
}

/** The known names, and the local names that the file gives them. */
function localNames(text: string, known: readonly string[]): ReadonlySet<string> {
  const locals = new Set(known);
  // The loop also visits the names that it adds, and so follows repeated renames.
  for (const name of locals) {
    const renamed = new RegExp(
      `\\b${escapePattern(name)}\\s*(?:as\\s+|:\\s*)(${NAME})|(?:const|let|var)\\s+(${NAME})\\s*=\\s*(?:[\\w$.]+\\.|require\\([^)]*\\)\\.)?${escapePattern(name)}\\s*(?:;|$)`,
      'gm',
    );
    for (const [, listed, declared] of text.matchAll(renamed)) locals.add(listed ?? declared ?? name);
    for (const [, forwarding] of text.matchAll(forwardsTo(name))) if (forwarding !== undefined) locals.add(forwarding);
  }
  return locals;
}

/** Matches a function that only passes its parameters to the function of this name. */
function forwardsTo(name: string): RegExp {
  const head = String.raw`(?:function\s+|(?:const|let|var)\s+)(${NAME})\b\s*(?:=\s*(?:async\b\s*)?(?:function\b\s*)?)?`;
  const parameters = String.raw`(?:\([^()]*\)|${NAME})[^(){}]*?(?:=>\s*)?(?:\{\s*return\b)?`;
  const call = String.raw`(?:await\s+)?(?:${NAME}\.)*${escapePattern(name)}\s*\(\s*${PARAMETER}(?:\s*,\s*${PARAMETER})*\s*,?\s*\)`;
  return new RegExp(String.raw`\b${head}${parameters}\s*${call}`, 'g');
}

function pairs(list: string, separator: ' as ' | ':'): (readonly [string, string?])[] {
  return list.split(',').map((entry) => {
    const parts = entry.replace(/\s+/g, ' ').split(separator);
    const [first = '', second] = parts.map((part) => part.trim());
    return second === undefined ? [first] : [first, second];
  });
}

function lastMember(expression: string): string {
  return expression.trim().split('.').at(-1) ?? '';
}

/** How an import writes the path of a file: `./spread`, `../gpu` for `gpu/index.js`. */
function importedAs(path: string): string {
  const { dir, name } = posix.parse(path.replaceAll('\\', '/'));
  return `/${name === 'index' ? posix.basename(dir) : name}`;
}
