/** What the code of a file contains when it has a method or attribute of a receiver type; one row per type. Data only. */
import type { PythonReceiverType } from '../../../../catalogue/catalogue-entry.js';
import type { MatchBy } from '../legacy-use.js';

import { allOf, anyOf, type Needle, word } from '../../../needle.js';

import { attributePattern, linkPattern, WHITE_SPACE } from './code-pattern.js';

interface ReceiverPrefilter {
  /** Holds in every file with a value of this type. */
  readonly needle: Needle;
  /** Alternatives, each a list of patterns that all match where a value of this type has this member. */
  patterns(member: string, match: MatchBy<'receiver'>): readonly (readonly RegExp[])[];
}

const KERAS = allOf('keras', anyOf(word('keras'), word('tf_keras')));

const KERAS_NAME = '(?:tf_)?keras';

/** The proofs that these conditions follow from are in ../receivers/, a module per type. */
export const RECEIVER_PREFILTERS: Readonly<Record<PythonReceiverType, ReceiverPrefilter>> = {
  strategy: {
    needle: word('tensorflow'),
    patterns: (member, { distinctive }) => {
      const receiver = distinctive === true ? '' : `[Ss][Tt][Rr][Aa][Tt][Ee][Gg][Yy]${WHITE_SPACE}`;
      return [[new RegExp(`${receiver}\\.${WHITE_SPACE}${member}\\b`)]];
    },
  },
  model: {
    needle: anyOf(word('tensorflow'), KERAS),
    patterns: (member) => [[attributePattern(member)]],
  },
  optimizer: {
    needle: allOf(
      KERAS,
      anyOf(word('optimizers'), allOf(word('optimizer'), word('backend'), anyOf(word('get_value'), word('set_value')))),
    ),
    patterns: (member) => [
      [attributePattern(member), linkPattern(KERAS_NAME, 'optimizers')],
      [attributePattern(member), linkPattern(KERAS_NAME, 'backend'), linkPattern('backend', '[gs]et_value')],
    ],
  },
};
