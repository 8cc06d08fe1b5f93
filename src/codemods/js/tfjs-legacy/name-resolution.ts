/** Which local name a new import may take, and which name that is there already serves. Pure. */
import type { Node } from '../syntax/syntax-tree.js';
import type { FileView } from './site.js';
import type { Scope, Variable } from '@typescript-eslint/scope-manager';

import { type Binding, memberPath } from '../origins/origin.js';

import { isSameAtRoot } from './legacy-index.js';

/** A place where a name is going to be read. */
export interface Reader {
  readonly node: Node;
  readonly isType: boolean;
}

/** A name in this file that already holds this export, and can be read at all of these places. */
export function existingName(
  file: FileView,
  module: string,
  path: readonly string[],
  readers: readonly Reader[],
): string | undefined {
  const { origins } = file;
  const serves = (binding: Binding): boolean => {
    const found = memberPath(binding.origin.path);
    const isSame = binding.origin.module === module || isSameAtRoot(binding.origin.module, found[0] ?? '', module);
    if (!isSame || binding.kind === 'import-default') return false;
    if (found.length !== path.length || !found.every((name, index) => name === path[index])) return false;
    if (binding.typeOnly && readers.some(({ isType }) => !isType)) return false;
    const isImport = binding.kind === 'import-named';
    return readers.every(({ node }) => {
      if (!isImport && node.range[0] < binding.identifier.range[1]) return false;
      return meaning(origins.names.scopeOf(node), binding.identifier.name) === binding.variable;
    });
  };
  return origins.bindings.find(serves)?.identifier.name;
}

/** Whether a new name in this scope would clash with, hide, or be hidden by another of the same spelling. */
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
  // A name that is read here now and comes from outside would come to mean the new one.
  return !source.scopeManager.scopes.some((inner) =>
    inner.references.some((reference) => {
      if (reference.identifier.name !== name || !isWithin(inner, scope)) return false;
      const variable = origins.names.variableOf(reference.identifier as Node);
      return variable === undefined || variable.defs.length === 0 || !isWithin(variable.scope, scope);
    }),
  );
}

function meaning(scope: Scope, name: string): Variable | undefined {
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
