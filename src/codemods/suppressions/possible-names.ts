/** Collects the names by which comments could have left out what is at their place. Pure. */
import type { Plan } from '../result.js';

import { isAbout, namesOf, type Suppression } from './suppression.js';

/** The names for each comment, by its number in the text: no edit removes one. */
export class PossibleNames {
  readonly #names = new Map<number, Set<string>>();

  /** Adds the names of the findings of a plan. */
  add({ changes, findings }: Plan, suppressions: readonly Suppression[]): void {
    const all = [...findings, ...changes.flatMap((change) => change.findings)];
    for (const [index, suppression] of suppressions.entries())
      for (const finding of all.filter((each) => isAbout(suppression, each)))
        for (const name of namesOf(finding)) this.#of(index).add(name);
  }

  /** The names for a comment, in the order in which they were found. */
  of(index: number): readonly string[] {
    return [...this.#of(index)];
  }

  #of(index: number): Set<string> {
    const names = this.#names.get(index) ?? new Set<string>();
    this.#names.set(index, names);
    return names;
  }
}
