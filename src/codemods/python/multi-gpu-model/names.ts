/** The names that the rewritten code needs: TensorFlow's in this file, and one for the strategy. */
import { RefusalReason } from '../../refusal-reason.js';
import type { PythonModule } from '../analysis/module.js';
import { type PyNode, closest } from '../syntax/node.js';
import { isDefinition } from '../analysis/statements.js';
import { Refusal } from './refusal.js';

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
  for (const binding of module.scopes.module.bindings.values()) {
    const imports = module.origins.importsOf(binding);
    const [first] = imports;
    if (first === undefined) continue;
    const origin = first.member === undefined ? (first.bindsTopLevel ? first.local : first.module) : `${first.module}.${first.member}`;
    if (!/^tensorflow(\.compat\.v[12])?$/.test(origin)) continue;
    if (first.statement.start < at.start && closest(first.statement.parent, isDefinition) === undefined) return { name: binding.name, missing: false };
  }
  const local = module.scopes.lookUp('tf', module.scopes.functionScopeAt(at));
  if (local !== undefined) {
    const [own] = module.origins.importsOf(local);
    if (own?.module === 'tensorflow' && own.member === undefined && own.statement.start < at.start && local.scope === module.scopes.functionScopeAt(at)) {
      return { name: 'tf', missing: false };
    }
  }
  const taken = local !== undefined && module.origins.importsOf(local).every((name) => name.module !== 'tensorflow');
  if (taken) throw new Refusal(RefusalReason.NameCollision, '“tf” means something else here, and TensorFlow is not imported');
  return { name: 'tf', missing: true };
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
