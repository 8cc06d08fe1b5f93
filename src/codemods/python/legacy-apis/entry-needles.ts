/** What a file must hold to use a catalogue entry, from what the finder of `api-migration` asks of a use. Pure. */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';

import { allOf, anyOf, type Needle, word } from '../../needle.js';

/** A name in an import, in any spelling of it: each part of a dotted name stands somewhere as a word of its own. */
function path(name: string): Needle {
  return allOf(...name.replace(/\.\*$/, '').split('.').map(word));
}

const KERAS = allOf('keras', anyOf(word('keras'), word('tf_keras')));

/** What makes a value one of the kind; see `receivers`. */
const RECEIVERS = {
  strategy: word('tensorflow'),
  model: anyOf(word('tensorflow'), KERAS),
  optimizer: allOf(
    KERAS,
    anyOf(word('optimizers'), allOf(word('optimizer'), word('backend'), anyOf(word('get_value'), word('set_value')))),
  ),
} as const;

/** The condition on a file with a use of the entry. */
export function entryNeedle({ match }: PythonEntry): Needle {
  switch (match.by) {
    case 'qualified-name':
      return anyOf(...match.names.map(path));
    case 'receiver':
      return allOf(RECEIVERS[match.type], ...sharedPart(match.members), anyOf(...match.members.map(word)));
    case 'keyword':
      return allOf(anyOf(...match.callees.map(path)), anyOf(...match.keywords.map(word)));
    default:
      return anyOf();
  }
}

/** Several entries share it: where it is nowhere, their members need not be looked for. */
const GENERATOR = '_generator';

function sharedPart(members: readonly string[]): readonly Needle[] {
  return members.every((member) => member.includes(GENERATOR)) ? [GENERATOR] : [];
}
