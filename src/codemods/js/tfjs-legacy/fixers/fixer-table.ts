/** The fixer for each kind of fix at a use. ../module-uses.ts fixes whole modules. */
import type { Fix } from '../../../../catalogue/catalogue-entry.js';
import type { RefusalReason } from '../../../refusal-reason.js';
import type { Fixer, Rewriting, Site } from '../site.js';

import { argumentsToObject, dropArguments, permuteArguments } from './arguments.js';
import { permuteMethodArguments, renameMethod } from './methods.js';
import { rename, renameBackendStart, renameCall, valueToCall } from './names.js';
import { constructToCall, deleteOption, deleteStatement } from './removals.js';

/** Kinds that change an import as a whole, not one use. */
type ModuleFixKind = 'replace-module' | 'merge-node-import';

export type SiteFixKind = Exclude<Fix['kind'], ModuleFixKind>;

const FIXERS: { readonly [Kind in SiteFixKind]: Fixer<Kind> } = {
  rename,
  'value-to-call': valueToCall,
  'permute-arguments': permuteArguments,
  'arguments-to-object': argumentsToObject,
  'rename-call': renameCall,
  'rename-backend-start': renameBackendStart,
  'drop-arguments': dropArguments,
  'delete-option': deleteOption,
  'delete-statement': deleteStatement,
  'construct-to-call': constructToCall,
  'rename-method': renameMethod,
  'permute-method-arguments': permuteMethodArguments,
};

/** What to write at a site for a fix of its entry, or the reason to leave it untouched. */
export function rewritingAt(site: Site, fix: Extract<Fix, { kind: SiteFixKind }>): Rewriting | RefusalReason {
  // The table pairs each kind with its own fixer; the compiler loses that in the look-up.
  const fixer: (site: Site, fix: never) => Rewriting | RefusalReason = FIXERS[fix.kind];
  return fixer(site, fix as never);
}

export function isSiteFix(fix: Fix): fix is Extract<Fix, { kind: SiteFixKind }> {
  return fix.kind in FIXERS;
}
