/** The words that finder and fixers share: the file as they see it, a use, and what may be written for it. Types only. */
import type { Fix, JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { RefusalReason } from '../../refusal-reason.js';
import type { Change, Finding, TextEdit } from '../../result.js';
import type { Origins } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { Call } from './call-site.js';

/** One parsed file and what is known about its names. */
export interface FileView {
  readonly source: JavaScriptSource;
  readonly origins: Origins;
  /** Every module that the file loads, as written. */
  readonly modules: ReadonlySet<string>;
}

/** A legacy value or method where it is used. */
export interface Site {
  readonly entry: JavaScriptEntry;
  readonly file: FileView;
  /** The expression or type name that denotes the API. */
  readonly node: Node;
  /** The call of it, when it is called. */
  readonly call: Call | undefined;
  readonly usage: 'value' | 'type' | 'export';
}

/** What a fixer writes at a site. Its edits leave the name alone; who knows the imports writes the name. */
export interface Rewriting {
  /** The new path from the same module; the name stays when left out. */
  readonly to?: readonly string[];
  /** Written after the name. */
  readonly suffix?: '()';
  /** The use itself goes away, so that its import may become unused. */
  readonly removesUse?: true;
  readonly edits: readonly TextEdit[];
}

export type FixOf<Kind extends Fix['kind']> = Extract<Fix, { kind: Kind }>;

/** Decides whether the condition of an entry holds at a site, and what to write there. */
export type Fixer<Kind extends Fix['kind']> = (site: Site, fix: FixOf<Kind>) => Rewriting | RefusalReason;

/** How a use looks in the code, so that lint rules can divide them among themselves. */
export type UseKind = 'import' | 'member' | 'option' | 'type';

/** One place where a legacy API is used, and the change that takes it away, if there is one. */
export interface LegacyUse {
  readonly kind: UseKind;
  readonly entry: JavaScriptEntry;
  readonly finding: Finding;
  /** Several uses share a change when one import serves them. A `suggestion` is for people to accept. */
  readonly change: Change | undefined;
}
