/**
 * Joins the rewrites of deeplearn into one change, because a file must not mix the two packages: tfjs-core has other
 * names for the factories, and older releases of deeplearn lack the new names. Pure.
 */
import type { Decision, PlannedEdits } from './decision.js';

import { DEEPLEARN_MODULES } from '../../../catalogue/module-groups.js';
import { findOverlap } from '../../edits/overlap.js';
import { RefusalReason } from '../../refusal-reason.js';

import { withMovedTextEdited } from './moved-text.js';

/** The same decisions, with a single change for the package and its exports, or none. */
export function joinPackageChange(decisions: readonly Decision[], text: string): Decision[] {
  const ours = decisions.filter(isOfPackage);
  const packages = ours.filter(({ entry }) => entry.match.by === 'module');
  if (packages.length === 0) return [...decisions];
  const plans = new Set(ours.map(({ planned }) => planned).filter((planned) => planned !== undefined));
  const planned: PlannedEdits = { edits: [...plans].flatMap(({ edits }) => edits) };
  const blocked = packages.find((decision) => decision.planned === undefined);
  const overlaps = findOverlap(withMovedTextEdited(text, planned.edits)) !== undefined;
  const obstacle: Pick<Decision, 'reason' | 'because'> | undefined =
    blocked ?? (overlaps ? { reason: RefusalReason.OverlappingEdit } : undefined);
  return decisions.map((decision) => {
    if (!ours.includes(decision) || decision.planned === undefined) return decision;
    if (obstacle === undefined) return { ...decision, planned };
    return { ...decision, planned: undefined, reason: obstacle.reason, because: obstacle.because };
  });
}

function isOfPackage({ entry: { match } }: Decision): boolean {
  if (match.by === 'module') return match.specifiers.every((specifier) => DEEPLEARN_MODULES.includes(specifier));
  return (
    match.by === 'export' &&
    match.places.every(({ modules }) => modules.every((module) => DEEPLEARN_MODULES.includes(module)))
  );
}
