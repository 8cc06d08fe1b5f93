/** Resolves identifiers to variables, and lists the uses of a variable: one index over the scope manager. Pure. */
import type { Node } from './syntax-tree.js';
import type { Reference, Scope, ScopeManager, Variable } from '@typescript-eslint/scope-manager';

/** Resolves the names of one file. It compares variables by identity, so shadowed names never mix. */
export interface Names {
  /** The variable that an identifier reads or writes; `undefined` for globals and for declarations. */
  readonly variableOf: (identifier: Node) => Variable | undefined;
  /** The variables that a declaration (declarator, import specifier, function, class) introduces. */
  readonly declaredBy: (declaration: Node) => readonly Variable[];
  /** The variable that a declaration introduces with this identifier. */
  readonly declaredAs: (identifier: Node, declaration: Node) => Variable | undefined;
  /** Every use of a variable, in source order. */
  readonly referencesTo: (variable: Variable) => readonly Reference[];
  /** The innermost scope that contains a node. */
  readonly scopeOf: (node: Node) => Scope;
  /** The variable that a name would mean if it were written at a node. */
  readonly lookUp: (name: string, node: Node) => Variable | undefined;
  /** Whether an identifier means something that no code in this file declares. */
  readonly isGlobal: (identifier: Node) => boolean;
}

/** Builds the index; linear in the number of references. */
export function indexNames(scopeManager: ScopeManager): Names {
  const globalScope = scopeManager.scopes[0];
  if (globalScope === undefined) throw new TypeError('A scope manager has at least the global scope.');
  const resolved = new Map<Node, Variable | undefined>();
  const unresolved = new Map<Variable, Reference[]>();
  for (const scope of scopeManager.scopes) {
    for (const reference of scope.references) {
      const { identifier } = reference;
      let variable = reference.resolved ?? undefined;
      if (variable === undefined) {
        // Scope managers leave names of a script's outermost scope unresolved; ESLint resolves them later.
        variable = globalScope.set.get(identifier.name);
        if (variable !== undefined && !variable.references.includes(reference)) {
          const list = unresolved.get(variable);
          if (list === undefined) unresolved.set(variable, [reference]);
          else list.push(reference);
        }
      }
      // ESLint declares the globals of its configuration, but no code in this file declares them.
      if (variable?.scope === globalScope && variable.defs.length === 0) variable = undefined;
      resolved.set(identifier, variable);
    }
  }

  const scopeOf = (node: Node): Scope => {
    for (let current: Node | undefined = node; current !== undefined; current = current.parent) {
      const scope = scopeManager.acquire(current, true);
      if (scope === null) continue;
      const type: string = scope.type;
      // A named function expression has an extra scope for its own name; the scope of its body is the child.
      return type === 'function-expression-name' ? (scope.childScopes[0] ?? scope) : scope;
    }
    return globalScope;
  };

  return {
    variableOf: (identifier) => resolved.get(identifier),
    declaredBy: (declaration) => scopeManager.getDeclaredVariables(declaration),
    declaredAs: (identifier, declaration) =>
      scopeManager
        .getDeclaredVariables(declaration)
        .find(({ identifiers }) => identifiers.some((each) => each === identifier)),
    referencesTo(variable) {
      const all = [...variable.references, ...(unresolved.get(variable) ?? [])];
      return all.sort((a, b) => a.identifier.range[0] - b.identifier.range[0]);
    },
    scopeOf,
    lookUp(name, node) {
      for (let scope: Scope | null = scopeOf(node); scope !== null; scope = scope.upper) {
        const variable = scope.set.get(name);
        if (variable !== undefined) return variable;
      }
      return undefined;
    },
    isGlobal: (identifier) => (resolved.get(identifier)?.defs.length ?? 0) === 0,
  };
}
