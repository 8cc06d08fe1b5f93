/** The types that the finders, the deciding step and the fixers share: the file, a use and its rewrite. Types only. */
import type { Fix, JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { RefusalReason } from '../../refusal-reason.js';
import type { Change, Finding, TextEdit } from '../../result.js';
import type { Origins } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { Call } from './call-site.js';

/** One parsed file and the origins of its names. */
export interface FileView {
  readonly source: JavaScriptSource;
  readonly origins: Origins;
  /** Every module that the file loads, as written. */
  readonly modules: ReadonlySet<string>;
}

/** One use of a legacy value or method. */
export interface Site {
  readonly entry: JavaScriptEntry;
  readonly file: FileView;
  /** The expression or type name that denotes the API. */
  readonly node: Node;
  /** The call, when the code calls it. */
  readonly call: Call | undefined;
  readonly usage: 'value' | 'type' | 'export';
}

/** What a fixer writes at a site. Its edits leave the name alone, because a new name may need another import. */
export interface Rewriting {
  /** The new path from the same module. If it is missing, the name stays. */
  readonly to?: readonly string[];
  /** Text to write after the name. */
  readonly suffix?: '()';
  /** The edits delete the use, so its import may become unused. */
  readonly removesUse?: true;
  readonly edits: readonly TextEdit[];
}

export type FixOf<Kind extends Fix['kind']> = Extract<Fix, { kind: Kind }>;

/** Decides whether a site meets the condition of its entry, and what to write there. */
export type Fixer<Kind extends Fix['kind']> = (site: Site, fix: FixOf<Kind>) => Rewriting | RefusalReason;

/** The syntax of a use. It decides which lint rule reports the use. */
export type UseKind = 'import' | 'member' | 'option' | 'type';

/** One use of a legacy API, and the change that rewrites it, if there is one. */
export interface LegacyUse {
  readonly kind: UseKind;
  readonly entry: JavaScriptEntry;
  readonly finding: Finding;
  /** Uses of one import share a change. A person has to accept a change whose safety is `suggestion`. */
  readonly change: Change | undefined;
}
