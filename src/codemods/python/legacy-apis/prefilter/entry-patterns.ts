/**
 * Patterns of the code that uses a catalogue entry, to rule out files before they are parsed. They follow from what the
 * finder accepts: names that imports bind, and attributes of those names. Pure.
 */
import type { PythonEntry } from '../../../../catalogue/catalogue-entry.js';

import { keywordPattern, linkPattern } from './code-pattern.js';
import { RECEIVER_PREFILTERS } from './receiver-prefilter-table.js';

/** @returns Alternatives. If the code uses the entry, all patterns of one alternative match. */
export function entryPatterns({ match }: PythonEntry): readonly (readonly RegExp[])[] {
  switch (match.by) {
    case 'qualified-name':
      return match.names.map((name) => links(name.split('.')));
    case 'receiver':
      return match.members.flatMap((member) => RECEIVER_PREFILTERS[match.type].patterns(member, match));
    case 'keyword':
      return match.callees.map((callee) => [
        keywordPattern(match.keywords),
        ...links(callee.replace(/\.\*$/, '').split('.')),
      ]);
    case 'setter':
      return match.callees.map((callee) => links(callee.split('.')));
    case 'module':
    case 'none':
      return [];
  }
}

/**
 * Each part of a dotted name leads to the next. The link from TensorFlow is left out: `compat.v1` may be in between.
 */
function links(parts: readonly string[]): RegExp[] {
  return parts.slice(1).flatMap((part, index) => {
    const from = parts[index] ?? '';
    return from === 'tensorflow' ? [] : [linkPattern(from, part)];
  });
}
