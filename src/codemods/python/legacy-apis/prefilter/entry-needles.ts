/** The strings that a file must contain to use catalogue entries. They follow from what the finder accepts. Pure. */
import type { PythonEntry, PythonReceiverType } from '../../../../catalogue/catalogue-entry.js';

import { allOf, anyOf, type Needle, word } from '../../../needle.js';

import { RECEIVER_PREFILTERS } from './receiver-prefilter-table.js';

/** @returns Needles. Every file that uses one of the entries matches at least one of them. */
export function entryNeedles(entries: readonly PythonEntry[]): Needle[] {
  const members = new Map<PythonReceiverType, string[]>();
  const needles: Needle[] = [];
  for (const { match } of entries) {
    switch (match.by) {
      case 'qualified-name':
        needles.push(...match.names.map(pathNeedle));
        break;
      case 'receiver':
        members.set(match.type, [...(members.get(match.type) ?? []), ...match.members]);
        break;
      case 'keyword':
        needles.push(allOf(anyOf(...match.callees.map(pathNeedle)), anyOf(...match.keywords.map(word))));
        break;
      case 'setter':
        needles.push(allOf(anyOf(...match.callees.map(pathNeedle)), anyOf(...match.attributes.map(word))));
        break;
      case 'module':
      case 'none':
        break;
    }
  }
  for (const [type, names] of members) needles.push(receiverNeedle(type, names));
  return needles;
}

/** The needle for a dotted name. However the file imports it, each part occurs in the file as a whole word. */
function pathNeedle(name: string): Needle {
  return allOf(...name.replace(/\.\*$/, '').split('.').map(word));
}

/** If a file lacks the common ending of the members, the search need not look for each member. */
function receiverNeedle(type: PythonReceiverType, members: readonly string[]): Needle {
  return allOf(RECEIVER_PREFILTERS[type].needle, ...commonEnding(members), anyOf(...members.map(word)));
}

/** @returns The longest string that all names end with; nothing when they share no character. */
function commonEnding([first = '', ...others]: readonly string[]): string[] {
  for (let start = 0; start < first.length; start++) {
    const ending = first.slice(start);
    if (others.every((name) => name.endsWith(ending))) return [ending];
  }
  return [];
}
