/**
 * Patterns of the code that uses a catalogue entry, for a look at a text without strings and comments. They follow from what origins
 * are made of: names that imports bind, and attributes of them. Pure.
 */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';

/** Patterns that all have to match. */
export type Place = readonly RegExp[];

/** White space and line continuations, as the grammar has them between tokens. */
const GAP = String.raw`[\s\u0085\u200B\u2060\\]*`;

/** Names that an import takes, up to the end of its statement or later. */
const IMPORTED = String.raw`(?:${GAP}\((?:[^)#]|#[^\n]*)*?|(?:[^\n\\]|\\\r?\n?)*?)`;

/** What may be written for a use: one of these places at least is in the code. */
export function entryPlaces({ match }: PythonEntry): readonly Place[] {
  switch (match.by) {
    case 'qualified-name':
      return match.names.map((name) => links(name.split('.')));
    case 'receiver':
      return match.members.flatMap((member) => receiverPlaces(match.type, member));
    case 'keyword':
      return match.callees.map((callee) => [keyword(match.keywords), ...links(callee.replace(/\.\*$/, '').split('.'))]);
    default:
      return [];
  }
}

/** Each part of a dotted name leads to the next one. From TensorFlow `compat.v1` may stand between. */
function links(parts: readonly string[]): RegExp[] {
  return parts.slice(1).flatMap((part, index) => {
    const from = parts[index] ?? '';
    return from === 'tensorflow' ? [] : [link(from, part)];
  });
}

/** `a.b`, or `a` where an import takes `b` or all names from it (`from a import b`) or renames it (`import a as c`, then `c.b`). */
function link(from: string, to: string): RegExp {
  return new RegExp(`\\b${from}${GAP}(?:\\.${GAP}${to}\\b|import\\b${IMPORTED}(?:\\b${to}\\b|\\*)|as\\b)`);
}

/** Not where a line starts with it, unless an argument list goes on there. */
function keyword(names: readonly string[]): RegExp {
  return new RegExp(`(?:[(,\\\\]${GAP}|[^\\s][^\\S\\n]*)\\b(?:${names.join('|')})${GAP}=`);
}

function receiverPlaces(type: 'strategy' | 'model' | 'optimizer', member: string): readonly Place[] {
  switch (type) {
    case 'strategy':
      return [
        [new RegExp(`${isKnownByName(member) ? '' : `[Ss][Tt][Rr][Aa][Tt][Ee][Gg][Yy]${GAP}`}\\.${GAP}${member}\\b`)],
      ];
    case 'model':
      return [[attribute(member)]];
    case 'optimizer':
      return [
        [attribute(member), link('(?:tf_)?keras', 'optimizers')],
        [attribute(member), link('(?:tf_)?keras', 'backend'), link('backend', '[gs]et_value')],
      ];
  }
}

/** Others have methods of the other names, too: they are only a strategy's on what is called so. */
function isKnownByName(member: string): boolean {
  return member.startsWith('experimental_') || member === 'make_dataset_iterator';
}

function attribute(name: string): RegExp {
  return new RegExp(`\\.${GAP}${name}\\b`);
}
