/** The names that the rewritten code needs: TensorFlow's in this file, and one for the strategy. */
import type { PythonModule } from '../../analysis/module.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { isDefinition } from '../../analysis/statements.js';
import { closest, contains, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';

/** How a file knows TensorFlow. */
export interface TensorFlowName {
  readonly name: string;
  /** Whether an import has to be added for it. */
  readonly missing: boolean;
}

/**
 * The name of TensorFlow that is bound at module level before `at`, or the one to import.
 *
 * @throws Refusal when the one to import is taken.
 */
export function tensorFlowName(module: PythonModule, at: PyNode): TensorFlowName {
  const scope = module.scopes.functionScopeAt(at);
  for (const binding of module.scopes.module.bindings.values()) {
    const [first] = module.origins.importsOf(binding);
    if (first === undefined || module.scopes.lookUp(binding.name, scope) !== binding) continue;
    const origin =
      first.member === undefined
        ? first.bindsTopLevel
          ? first.local
          : first.module
        : `${first.module}.${first.member}`;
    if (!/^tensorflow(\.compat\.v[12])?$/.test(origin)) continue;
    if (first.statement.start < at.start && !standsInBranch(first.statement, at))
      return { name: binding.name, missing: false };
  }
  const local = module.scopes.lookUp('tf', scope);
  if (local === undefined) return { name: 'tf', missing: true };
  const imports = module.origins
    .importsOf(local)
    .filter((name) => name.module === 'tensorflow' && name.member === undefined);
  if (imports.length === 0)
    throw new Refusal(RefusalReason.NameCollision, '“tf” means something else here, and TensorFlow has no other name');
  if (local.scope !== scope || scope.kind === 'module') return { name: 'tf', missing: true };
  if (imports.some(({ statement }) => statement.start < at.start && !standsInBranch(statement, at)))
    return { name: 'tf', missing: false };
  throw new Refusal(
    RefusalReason.NameCollision,
    '“tf” is a name of this function, and is imported later or not on every path',
  );
}

/** Whether an import stands in a definition, or in an arm of a branch, that `at` is not in. */
function standsInBranch(statement: PyNode, at: PyNode): boolean {
  return (
    closest(
      statement.parent,
      (node) =>
        (isDefinition(node) || /^(if_statement|elif_clause|else_clause)$/.test(node.type)) && !contains(node, at),
    ) !== undefined
  );
}

/** A name for the strategy that the file does not use yet. */
export function strategyName(module: PythonModule, taken: ReadonlySet<string> = new Set()): string {
  for (const name of ['strategy', 'mirrored_strategy', 'distribution_strategy']) {
    if (!module.scopes.mentions(name) && !taken.has(name)) return name;
  }
  for (let number = 2; ; number++) {
    const name = `strategy_${number}`;
    if (!module.scopes.mentions(name) && !taken.has(name)) return name;
  }
}
