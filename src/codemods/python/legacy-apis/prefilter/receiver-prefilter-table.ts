/**
 * Conditions that the code of a file meets if it uses a method or attribute of a receiver type; one row per type. Data
 * only.
 */
import type { PythonReceiverType } from '../../../../catalogue/catalogue-entry.js';
import type { MatchBy } from '../legacy-use.js';

import { allOf, anyOf, type Needle, word } from '../../../needle.js';

import { attributePattern, linkPattern, WHITE_SPACE } from './code-pattern.js';

interface ReceiverPrefilter {
  /** Matches every file with a value of this type. */
  readonly needle: Needle;
  /**
   * Alternatives, each of which is a list of patterns. If the code uses this member of a value of this type, all
   * patterns of one alternative match.
   */
  patterns(member: string, match: MatchBy<'receiver'>): readonly (readonly RegExp[])[];
}

const KERAS = allOf('keras', anyOf(word('keras'), word('tf_keras')));

const KERAS_NAME = '(?:tf_)?keras';

/** These conditions follow from the proofs in ../receivers/, which has one module per type. */
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
    needle: allOf(KERAS, anyOf(word('optimizers'), allOf(word('optimizer'), word('backend'), word('get_value')))),
    patterns: (member) => [
      [attributePattern(member), linkPattern(KERAS_NAME, 'optimizers')],
      [attributePattern(member), linkPattern(KERAS_NAME, 'backend'), linkPattern('backend', 'get_value')],
    ],
  },
};
