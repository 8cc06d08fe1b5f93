/** Decides whether the original and the multi-GPU model can share one name. Pure. */
import type { Wrap, WrapGroup } from '../model/wrap-group.js';

import { assignmentOf, statementOf } from '../../analysis/statements.js';
import { sameVariable, type Variable } from '../../analysis/variables.js';
import { closest, type PyNode } from '../../syntax/node.js';

/** What happens to the two names of one wrap. */
export interface NameMerge {
  readonly wrap: Wrap;
  /**
   * `same`: both have one name already; `rename`: `from` becomes `to` everywhere; `alias`: both names stay, for one
   * object.
   */
  readonly kind: 'same' | 'rename' | 'alias' | 'none';
  readonly from?: Variable;
  readonly to?: Variable;
}

/**
 * Chooses the name of the original model, unless another arm of the branch builds a model directly under the name of
 * the multi-GPU model.
 */
export function mergeNames(group: WrapGroup, wrap: Wrap): NameMerge {
  const { template, parallel } = wrap;
  if (template === undefined || parallel === undefined) return { wrap, kind: 'none' };
  if (sameVariable(template, parallel)) return { wrap, kind: 'same' };
  if (template.text.includes('.') || parallel.text.includes('.')) return { wrap, kind: 'alias' };
  if (template.root.scope !== parallel.root.scope) return { wrap, kind: 'alias' };
  const isBuiltInOtherArm = parallel.root.writes.some((write) => isOtherBuild(group, write.site, wrap));
  const [from, to] = isBuiltInOtherArm ? [template, parallel] : [parallel, template];
  if (isDeclaredLater(from, to) || !canRename(group, from, to, isBuiltInOtherArm)) return { wrap, kind: 'alias' };
  return { wrap, kind: 'rename', from, to };
}

function isOtherBuild(group: WrapGroup, site: PyNode, wrap: Wrap): boolean {
  const statement = statementOf(site);
  return (
    statement !== wrap.site.statement &&
    group.scopeStatements.has(statement) &&
    assignmentOf(statement) !== undefined &&
    !group.aliases.includes(statement)
  );
}

/** Every assignment of `from` has to belong to the group, and nothing may assign `to` in between. */
function canRename(group: WrapGroup, from: Variable, to: Variable, intoParallel: boolean): boolean {
  const own = (statement: PyNode): boolean =>
    group.scopeStatements.has(statement) ||
    group.aliases.includes(statement) ||
    group.wraps.some((wrap) => wrap.site.statement === statement);
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

/**
 * Whether a function, or the module, declares one of the names `global` below a use of the other: Python takes such a
 * statement only above the first use of its name.
 */
function isDeclaredLater(from: Variable, to: Variable): boolean {
  const names = [from, to].flatMap(({ root }) => [...root.reads, ...root.writes.map(({ name }) => name)]);
  return names.filter(isDeclaration).some((declaration) => {
    const home = functionAround(declaration);
    return names.some(
      (name) => name.start < declaration.start && !isDeclaration(name) && functionAround(name) === home,
    );
  });
}

function isDeclaration({ parent }: PyNode): boolean {
  return parent?.type === 'global_statement' || parent?.type === 'nonlocal_statement';
}

function functionAround(node: PyNode): PyNode | undefined {
  return closest(node.parent, ({ type }) => /^(function|class)_definition$|^lambda$/.test(type));
}

/** `a = b = value`. */
function isChained(assignment: PyNode): boolean {
  return assignment.parent?.type === 'assignment' || assignment.children.some((child) => child.type === 'assignment');
}
