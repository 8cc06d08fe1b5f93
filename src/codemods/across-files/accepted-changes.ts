/** Collects changes across files that can be applied together. Pure. */
import type { Finding, TextEdit } from '../result.js';
import type { WideChange } from './wide-change.js';

import { findOverlap } from '../edits/overlap.js';

/** Matches paths outside the root, and paths in installed packages. */
const NOT_OURS = /^\.\.\/|^\/|(?:^|\/)node_modules\//;

/** The changes of a run, without overlaps. */
export class AcceptedChanges {
  readonly #accepted: WideChange[] = [];
  readonly #overlapping: WideChange[] = [];
  readonly #edits = new Map<string, readonly TextEdit[]>();

  /** Changes that overlap an earlier one. */
  get overlapping(): readonly WideChange[] {
    return this.#overlapping;
  }

  /**
   * Accepts a change, unless it overlaps an accepted one or touches a file that is not part of the run.
   *
   * @param change - The change.
   * @param isReadable - Whether a file can be read.
   */
  add(change: WideChange, isReadable: (path: string) => boolean): void {
    if ([...change.edits.keys()].some((path) => NOT_OURS.test(path) || !isReadable(path))) return;
    if ([...change.edits].some(([path, edits]) => findOverlap([...this.editsOf(path), ...edits]) !== undefined)) {
      this.#overlapping.push(change);
      return;
    }
    this.#accepted.push(change);
    for (const [path, edits] of change.edits) this.#edits.set(path, [...this.editsOf(path), ...edits]);
  }

  /** All accepted edits of a file. */
  editsOf(path: string): readonly TextEdit[] {
    return this.#edits.get(path) ?? [];
  }

  /** The findings of the accepted changes that were planned for a file. */
  findingsOf(path: string): readonly Finding[] {
    return this.#accepted.filter(({ origin }) => origin === path).flatMap(({ findings }) => findings);
  }

  /** Groups of files that share a change, each sorted by path. */
  groups(): string[][] {
    let groups: ReadonlySet<string>[] = [];
    for (const { edits } of this.#accepted) {
      const paths = new Set(edits.keys());
      const connected = groups.filter((group) => [...group].some((path) => paths.has(path)));
      const others = groups.filter((group) => !connected.includes(group));
      groups = [...others, new Set([...connected.flatMap((group) => [...group]), ...paths])];
    }
    return groups.map((group) => [...group].sort());
  }
}
