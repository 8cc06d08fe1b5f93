/** What a file must hold to use a catalogue entry, from what the finder of `api-migration` asks of a use. Pure. */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';
import { allOf, anyOf, type Needle, word } from '../../needle.js';

/** A name in an import, in any spelling of it: each part of a dotted name stands somewhere as a word of its own. */
function path(name: string): Needle {
  return allOf(...name.replace(/\.\*$/, '').split('.').map(word));
}

const KERAS = anyOf(word('keras'), word('tf_keras'));

/** What makes a value one of the kind; see `receivers`. */
const RECEIVERS = {
  strategy: word('tensorflow'),
  model: anyOf(word('tensorflow'), KERAS),
  optimizer: allOf(KERAS, anyOf(word('optimizers'), allOf(word('optimizer'), word('backend'), anyOf(word('get_value'), word('set_value'))))),
} as const;

/** The condition on a file with a use of the entry. */
export function entryNeedle({ match }: PythonEntry): Needle {
  switch (match.by) {
    case 'qualified-name':
      return anyOf(...match.names.map(path));
    case 'receiver':
      return allOf(RECEIVERS[match.type], anyOf(...match.members.map(word)));
    case 'keyword':
      return allOf(anyOf(...match.callees.map(path)), anyOf(...match.keywords.map(word)));
    default:
      return anyOf();
  }
}

/** White space and line continuations, as the grammar has them between tokens. Comments are gone from the text. */
const GAP = String.raw`[\s\u0085\u200B\u2060\\]*`;

/** A pattern of the place of a use, for the code without strings and comments. */
export function entryPattern({ match }: PythonEntry): string {
  switch (match.by) {
    case 'qualified-name':
      return `\\b(?:${match.names.map((name) => name.slice(name.lastIndexOf('.') + 1)).join('|')})\\b`;
    case 'receiver':
      return match.members.map((member) => `${before(match.type, member)}\\.${GAP}${member}\\b`).join('|');
    case 'keyword':
      return `\\b(?:${match.keywords.join('|')})${GAP}=`;
    default:
      return '(?!)';
  }
}

/** A method that others have, too, is only a strategy's on what is called so. */
function before(type: 'strategy' | 'model' | 'optimizer', member: string): string {
  const isKnownByName = type !== 'strategy' || member.startsWith('experimental_') || member === 'make_dataset_iterator';
  return isKnownByName ? '' : `[Ss][Tt][Rr][Aa][Tt][Ee][Gg][Yy]${GAP}`;
}
