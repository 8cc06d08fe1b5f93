/** The types that the finder, the deciding step and the fixers pass to each other. Types only. */
import type { PythonEntry, PythonFix, PythonMatch } from '../../../catalogue/catalogue-entry.js';
import type { RefusalReason } from '../../refusal-reason.js';
import type { TextEdit } from '../../result.js';
import type { PyNode } from '../syntax/node.js';

/** A `match` of one kind. */
export type MatchBy<By extends PythonMatch['by']> = Extract<PythonMatch, { by: By }>;

/** A `fix` of one kind. */
export type FixOf<Kind extends PythonFix['kind']> = Extract<PythonFix, { kind: Kind }>;

/** A place in a file that uses a legacy API. */
export interface LegacyUse {
  readonly entry: PythonEntry;
  /** A name, an attribute or a keyword argument, by the entry's `match`. */
  readonly node: PyNode;
}

/** The result of a fixer: edits, or the reason to leave the use untouched. */
export type FixResult = { readonly edits: readonly TextEdit[] } | { readonly reason: RefusalReason };
