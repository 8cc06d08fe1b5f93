/** Makes the template and the wrapped model one name, where nobody else can notice. */
import type { PyNode } from '../../syntax/node.js';
import type { GroupAnalysis } from '../model/group-analysis.js';
import type { GroupMember } from '../model/wrap-group.js';

import { assignmentOf, statementOf } from '../../analysis/statements.js';
import { sameVariable, type Variable } from '../../analysis/variables.js';

/** What becomes of the two names of one wrap. */
export interface Unification {
  readonly member: GroupMember;
  /** `same`: they are one already; `rename`: `from` becomes `to` everywhere; `alias`: both stay, as one object. */
  readonly kind: 'same' | 'rename' | 'alias' | 'none';
  readonly from?: Variable;
  readonly to?: Variable;
}

/**
 * Chooses the template's name, unless it is only known inside the branch on the GPU count, as when
 * the other arm builds the model right into the wrapped name.
 */
export function unify(analysis: GroupAnalysis, member: GroupMember): Unification {
  const { template, parallel } = member;
  if (template === undefined || parallel === undefined) return { member, kind: 'none' };
  if (sameVariable(template, parallel)) return { member, kind: 'same' };
  if (template.text.includes('.') || parallel.text.includes('.')) return { member, kind: 'alias' };
  if (template.root.scope !== parallel.root.scope) return { member, kind: 'alias' };
  const builtElsewhere = parallel.root.writes.some((write) => isOwnBuild(analysis, write.site, member));
  const [from, to] = builtElsewhere ? [template, parallel] : [parallel, template];
  if (!canRename(analysis, from, to, builtElsewhere)) return { member, kind: 'alias' };
  return { member, kind: 'rename', from, to };
}

function isOwnBuild(analysis: GroupAnalysis, site: PyNode, member: GroupMember): boolean {
  const statement = statementOf(site);
  return (
    statement !== member.site.statement &&
    analysis.inside.has(statement) &&
    assignmentOf(statement) !== undefined &&
    !analysis.aliases.includes(statement)
  );
}

/** Every binding of `from` has to belong to this wrap, and `to` must not be given another value in between. */
function canRename(analysis: GroupAnalysis, from: Variable, to: Variable, intoParallel: boolean): boolean {
  const own = (statement: PyNode): boolean =>
    analysis.inside.has(statement) ||
    analysis.aliases.includes(statement) ||
    analysis.members.some((member) => member.site.statement === statement);
  const fromIsOwn = from.root.writes.every((write) => write.kind === 'assignment' && own(statementOf(write.name)));
  if (!fromIsOwn) return false;
  if (from.root.writes.some((write) => write.name.parent?.type !== 'assignment' || isChained(write.name.parent)))
    return false;
  if (intoParallel) return to.root.writes.every((write) => own(statementOf(write.name)));
  const firstUse = Math.min(
    ...from.root.writes.map((write) => write.name.start),
    ...from.root.reads.map((read) => read.start),
  );
  const firstWrite = Math.min(...to.root.writes.map((write) => write.name.start));
  return (
    firstWrite <= firstUse &&
    !to.root.writes.some((write) => write.name.start > firstUse && !own(statementOf(write.name)))
  );
}

/** `a = b = value`. */
function isChained(assignment: PyNode): boolean {
  return assignment.parent?.type === 'assignment' || assignment.children.some((child) => child.type === 'assignment');
}
