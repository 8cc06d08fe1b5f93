/** Chooses the local name of a new import: an existing name for the same export, or a free name. Pure. */
import type { Node } from '../syntax/syntax-tree.js';
import type { FileView } from './site.js';
import type { Scope, Variable } from '@typescript-eslint/scope-manager';

import { type Binding, memberPath } from '../origins/origin.js';

import { isSameAtRoot } from './legacy-index.js';

/** Code that will read a name. */
export interface Reader {
  readonly node: Node;
  readonly isType: boolean;
}

/** The local name that already holds an export and is visible to all readers. */
export function existingName(
  file: FileView,
  module: string,
  path: readonly string[],
  readers: readonly Reader[],
): string | undefined {
  const { origins } = file;
  const isUsable = (binding: Binding): boolean => {
    const found = memberPath(binding.origin.path);
    const isSame = binding.origin.module === module || isSameAtRoot(binding.origin.module, found[0] ?? '', module);
    if (!isSame || binding.kind === 'import-default') return false;
    if (found.length !== path.length || !found.every((name, index) => name === path[index])) return false;
    if (binding.typeOnly && readers.some(({ isType }) => !isType)) return false;
    const isImport = binding.kind === 'import-named';
    return readers.every(({ node }) => {
      if (!isImport && node.range[0] < binding.identifier.range[1]) return false;
      return variableNamed(origins.names.scopeOf(node), binding.identifier.name) === binding.variable;
    });
  };
  return origins.bindings.find(isUsable)?.identifier.name;
}

/** Whether a new name in this scope clashes with no other name, shadows none, and is not shadowed for its readers. */
export function isFree(file: FileView, name: string, scope: Scope, readers: readonly Reader[]): boolean {
  const { origins, source } = file;
  if (scope.set.has(name)) return false;
  for (const { node } of readers) {
    for (
      let inner: Scope | null = origins.names.scopeOf(node);
      inner !== null && inner !== scope;
      inner = inner.upper
    ) {
      if (inner.set.has(name)) return false;
    }
  }
  // A reference to an outer name of the same spelling would now read the new name.
  return !source.scopeManager.scopes.some((inner) =>
    inner.references.some((reference) => {
      if (reference.identifier.name !== name || !isWithin(inner, scope)) return false;
      const variable = origins.names.variableOf(reference.identifier);
      return variable === undefined || variable.defs.length === 0 || !isWithin(variable.scope, scope);
    }),
  );
}

function variableNamed(scope: Scope, name: string): Variable | undefined {
  for (let current: Scope | null = scope; current !== null; current = current.upper) {
    const variable = current.set.get(name);
    if (variable !== undefined) return variable;
  }
  return undefined;
}

function isWithin(scope: Scope, outer: Scope): boolean {
  for (let current: Scope | null = scope; current !== null; current = current.upper) if (current === outer) return true;
  return false;
}
