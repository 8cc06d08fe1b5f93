/** Chooses the names that the rewritten code uses: one for TensorFlow and one for the strategy. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';

import { isDefinition } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { closest, contains, type PyNode } from '../../syntax/node.js';
/** The name by which a file knows TensorFlow. */
export interface TensorFlowName {
  readonly name: string;
  /** Whether the file does not import TensorFlow under this name yet. */
  readonly missing: boolean;
  /** The import to write next to the use, where the usual name means something else. */
  readonly importLine?: string;
}

/** The name that an import before `at` binds, or `tf` to be imported; refuses when `tf` means something else. */
export function tensorFlowName(module: PythonModule, at: PyNode): TensorFlowName | Refusal {
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
    if (first.statement.start < at.start && !isInOtherBranch(first.statement, at))
      return { name: binding.name, missing: false };
  }
  const local = module.scopes.lookUp('tf', scope);
  if (local === undefined) return { name: 'tf', missing: true };
  const imports = module.origins
    .importsOf(local)
    .filter((name) => name.module === 'tensorflow' && name.member === undefined);
  if (imports.length === 0) return importedHere(module) ?? REFUSALS.tensorflowNameTaken;
  if (local.scope !== scope || scope.kind === 'module') return { name: 'tf', missing: true };
  if (imports.some(({ statement }) => statement.start < at.start && !isInOtherBranch(statement, at)))
    return { name: 'tf', missing: false };
  return importedHere(module) ?? REFUSALS.tensorflowImportedLater;
}

/** TensorFlow under its full name, imported where it is needed. */
function importedHere(module: PythonModule): TensorFlowName | undefined {
  const isUsed = module
    .identifiersNamed('tensorflow')
    .some((node) => closest(node, ({ type }) => type.startsWith('import') || type === 'attribute') === undefined);
  return isUsed || module.scopes.module.bindings.has('tensorflow')
    ? undefined
    : { name: 'tensorflow', missing: false, importLine: 'import tensorflow' };
}

/** Whether an import is inside a definition or an arm of a branch that does not contain `at`. */
function isInOtherBranch(statement: PyNode, at: PyNode): boolean {
  return (
    closest(
      statement.parent,
      (node) =>
        (isDefinition(node) || /^(if_statement|elif_clause|else_clause)$/.test(node.type)) && !contains(node, at),
    ) !== undefined
  );
}

/** A name for the strategy that neither the file nor another planned strategy uses. */
export function strategyName(module: PythonModule, usedNames: ReadonlySet<string> = new Set()): string {
  return firstFree('', (name) => module.scopes.mentions(name) || usedNames.has(name));
}

/** A name for the strategy as an attribute that neither the class nor another planned strategy uses. */
export function strategyAttribute({ source }: PythonModule, owner: PyNode, usedNames: ReadonlySet<string>): string {
  const text = source.textOf(owner);
  return firstFree('self.', (name) => text.includes(name) || usedNames.has(name));
}

function firstFree(prefix: string, isUsed: (name: string) => boolean): string {
  const usual = ['strategy', 'mirrored_strategy', 'distribution_strategy'].map((name) => prefix + name);
  const free = usual.find((name) => !isUsed(name));
  if (free !== undefined) return free;
  for (let number = 2; ; number++) {
    const name = `${prefix}strategy_${number}`;
    if (!isUsed(name)) return name;
  }
}
