/** Which variable an identifier means, and where a variable is used: one index over the scope manager. */
import type { Node } from './syntax-tree.js';
import type { Reference, Scope, ScopeManager, Variable } from '@typescript-eslint/scope-manager';

/** Answers questions about names in one file. Shadowing is respected: identity, never spelling, decides. */
export interface Names {
  /** The variable that a reading or writing identifier means; `undefined` for globals and for declarations. */
  variableOf(identifier: Node): Variable | undefined;
  /** The variables that a declaration (declarator, import specifier, function, class) introduces. */
  declaredBy(declaration: Node): readonly Variable[];
  /** Every use of a variable, in source order. */
  referencesTo(variable: Variable): readonly Reference[];
  /** The innermost scope that a node lies in. */
  scopeOf(node: Node): Scope;
  /** Whether an identifier means something that no code in this file declares. */
  isGlobal(identifier: Node): boolean;
}

/** Builds the index; linear in the number of references. */
export function indexNames(scopeManager: ScopeManager): Names {
  const resolved = new Map<Node, Variable | undefined>();
  const unresolved = new Map<Variable, Reference[]>();
  const globalScope = scopeManager.scopes[0];
  for (const scope of scopeManager.scopes) {
    for (const reference of scope.references) {
      let variable = reference.resolved ?? undefined;
      if (variable === undefined) {
        // Scope managers leave names of a script's outermost scope unresolved; ESLint resolves them later.
        variable = globalScope?.set.get(reference.identifier.name as string);
        if (variable !== undefined && !variable.references.includes(reference)) {
          const list = unresolved.get(variable);
          if (list === undefined) unresolved.set(variable, [reference]);
          else list.push(reference);
        }
      }
      // ESLint declares the globals that it is told of, but no code in this file does.
      if (variable?.scope === globalScope && variable?.defs.length === 0) variable = undefined;
      resolved.set(reference.identifier, variable);
    }
  }

  return {
    variableOf: (identifier) => resolved.get(identifier),
    declaredBy: (declaration) => scopeManager.getDeclaredVariables(declaration),
    referencesTo(variable) {
      const all = [...variable.references, ...(unresolved.get(variable) ?? [])];
      return all.sort((a, b) => a.identifier.range[0] - b.identifier.range[0]);
    },
    scopeOf(node) {
      for (let current: Node | undefined = node; current !== undefined; current = current.parent) {
        const scope = scopeManager.acquire(current, true);
        if (scope !== null) return scope.type === 'function-expression-name' ? (scope.childScopes[0] ?? scope) : scope;
      }
      return globalScope as Scope;
    },
    isGlobal: (identifier) => (resolved.get(identifier)?.defs.length ?? 0) === 0,
  };
}
