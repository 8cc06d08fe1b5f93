/**
 * Resolves names by the lexical scopes of Python: a name that a function assigns anywhere is local to it; functions
 * inside a class do not see the names of the class body; `global` and `nonlocal` redirect; comprehensions have their
 * own scope. Pure.
 */
import type { PythonSource } from '../syntax/source.js';

import { childByField, childrenByField, namedChildren, type PyNode } from '../syntax/node.js';

/** The kinds of lexical scope. */
export type ScopeKind = 'module' | 'function' | 'class' | 'comprehension';

/** The ways to bind a name. */
export type WriteKind =
  'assignment' | 'augmented' | 'parameter' | 'import' | 'definition' | 'for' | 'with' | 'except' | 'delete';

/** One node that binds a name. */
export interface Write {
  readonly kind: WriteKind;
  /** The bound identifier. */
  readonly name: PyNode;
  /** The statement, parameter or clause that binds it. */
  readonly site: PyNode;
}

/** One name in one scope, with every node that binds or reads it. */
export class Binding {
  readonly writes: Write[] = [];
  readonly reads: PyNode[] = [];

  constructor(
    readonly name: string,
    readonly scope: Scope,
  ) {}
}

/** One lexical scope. */
export class Scope {
  readonly bindings = new Map<string, Binding>();
  /** The names that `global` and `nonlocal` statements redirect. */
  readonly redirected = new Map<string, 'global' | 'nonlocal'>();

  constructor(
    readonly kind: ScopeKind,
    readonly node: PyNode,
    readonly parent: Scope | undefined,
  ) {}

  /** The binding of a name, which this creates if there is none yet. */
  binding(name: string): Binding {
    let binding = this.bindings.get(name);
    if (binding === undefined) {
      binding = new Binding(name, this);
      this.bindings.set(name, binding);
    }
    return binding;
  }
}

/** The scopes of one text. */
export class Scopes {
  readonly module: Scope;
  /** The `from m import *` statements, in order. */
  readonly starImports: PyNode[] = [];
  /** Names that no scope of the file binds: builtins, or names from a star import. */
  readonly unresolved = new Map<string, PyNode[]>();
  readonly #scopeByNode = new Map<PyNode, Scope>();
  readonly #bindingByIdentifier = new Map<PyNode, Binding>();

  constructor(readonly source: PythonSource) {
    this.module = new Scope('module', source.root, undefined);
    this.#scopeByNode.set(source.root, this.module);
    const reads: { identifier: PyNode; scope: Scope }[] = [];
    this.#collect(source.root, this.module, reads);
    for (const { identifier, scope } of reads) {
      const name = source.textOf(identifier);
      const binding = this.lookUp(name, scope);
      if (binding === undefined) {
        const uses = this.unresolved.get(name);
        if (uses === undefined) this.unresolved.set(name, [identifier]);
        else uses.push(identifier);
      } else {
        binding.reads.push(identifier);
        this.#bindingByIdentifier.set(identifier, binding);
      }
    }
  }

  /** The binding that an identifier reads or writes; undefined for builtins and attribute names. */
  bindingOf(identifier: PyNode): Binding | undefined {
    return this.#bindingByIdentifier.get(identifier);
  }

  /** The innermost scope that contains a node. */
  scopeAt(node: PyNode): Scope {
    for (let current: PyNode | undefined = node.parent; current !== undefined; current = current.parent) {
      const scope = this.#scopeByNode.get(current);
      if (scope !== undefined) return scope;
    }
    return this.module;
  }

  /** The innermost scope that contains a node, other than that of a comprehension. */
  functionScopeAt(node: PyNode): Scope {
    let scope = this.scopeAt(node);
    while (scope.kind === 'comprehension' && scope.parent !== undefined) scope = scope.parent;
    return scope;
  }

  /** The binding that a name refers to in a scope. */
  lookUp(name: string, from: Scope): Binding | undefined {
    let skipClass = false;
    for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.parent) {
      if (!(scope.kind === 'class' && skipClass)) {
        if (scope.redirected.get(name) === 'global') return this.module.bindings.get(name);
        const binding = scope.bindings.get(name);
        if (binding !== undefined && binding.writes.length > 0) return binding;
      }
      if (scope.kind !== 'comprehension') skipClass = true;
    }
    return undefined;
  }

  /** Whether any scope of the file binds or reads this name. */
  mentions(name: string): boolean {
    if (this.unresolved.has(name)) return true;
    for (const scope of this.#scopeByNode.values()) if (scope.bindings.has(name)) return true;
    return false;
  }

  #write(identifier: PyNode, kind: WriteKind, site: PyNode, scope: Scope): void {
    const name = this.source.textOf(identifier);
    let target = scope;
    const redirect = scope.redirected.get(name);
    if (redirect === 'global') target = this.module;
    else if (redirect === 'nonlocal') target = this.lookUp(name, scope.parent ?? scope)?.scope ?? scope;
    const binding = target.binding(name);
    binding.writes.push({ kind, name: identifier, site });
    this.#bindingByIdentifier.set(identifier, binding);
  }

  #target(
    node: PyNode,
    kind: WriteKind,
    site: PyNode,
    scope: Scope,
    reads: { identifier: PyNode; scope: Scope }[],
  ): void {
    switch (node.type) {
      case 'identifier':
        this.#write(node, kind, site, scope);
        if (kind === 'augmented' || kind === 'delete') reads.push({ identifier: node, scope });
        return;
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'list_splat_pattern':
      case 'expression_list':
      case 'tuple':
      case 'list':
      case 'parenthesized_expression':
      case 'as_pattern_target':
        for (const child of namedChildren(node)) this.#target(child, kind, site, scope, reads);
        return;
      default:
        this.#collect(node, scope, reads);
    }
  }

  #children(node: PyNode, scope: Scope, reads: { identifier: PyNode; scope: Scope }[]): void {
    for (const child of node.children) this.#collect(child, scope, reads);
  }

  #open(kind: ScopeKind, node: PyNode, parent: Scope): Scope {
    const scope = new Scope(kind, node, parent);
    this.#scopeByNode.set(node, scope);
    return scope;
  }

  #collect(node: PyNode, scope: Scope, reads: { identifier: PyNode; scope: Scope }[]): void {
    switch (node.type) {
      case 'identifier':
        reads.push({ identifier: node, scope });
        return;
      case 'attribute': {
        const object = childByField(node, 'object');
        if (object !== undefined) this.#collect(object, scope, reads);
        return;
      }
      case 'keyword_argument': {
        const value = childByField(node, 'value');
        if (value !== undefined) this.#collect(value, scope, reads);
        return;
      }
      case 'assignment':
      case 'augmented_assignment': {
        const left = childByField(node, 'left');
        for (const child of node.children) {
          if (child !== left) this.#collect(child, scope, reads);
        }
        const kind = node.type === 'assignment' ? 'assignment' : 'augmented';
        if (left !== undefined) this.#target(left, kind, node, scope, reads);
        return;
      }
      case 'named_expression': {
        const name = childByField(node, 'name');
        const value = childByField(node, 'value');
        if (value !== undefined) this.#collect(value, scope, reads);
        let target = scope;
        while (target.kind === 'comprehension' && target.parent !== undefined) target = target.parent;
        if (name !== undefined) this.#target(name, 'assignment', node, target, reads);
        return;
      }
      case 'for_statement':
      case 'for_in_clause': {
        const left = childByField(node, 'left');
        if (left !== undefined) this.#target(left, 'for', node, scope, reads);
        for (const child of node.children) if (child !== left) this.#collect(child, scope, reads);
        return;
      }
      case 'as_pattern': {
        const [value, target] = [node.children[0], node.children.at(-1)];
        if (value !== undefined) this.#collect(value, scope, reads);
        const kind = node.parent?.type === 'except_clause' ? 'except' : 'with';
        if (target !== undefined && target !== value) this.#target(target, kind, node, scope, reads);
        return;
      }
      case 'delete_statement':
        for (const child of namedChildren(node)) this.#target(child, 'delete', node, scope, reads);
        return;
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
        this.#imports(node, scope);
        return;
      case 'global_statement':
      case 'nonlocal_statement': {
        const redirect = node.type === 'global_statement' ? 'global' : 'nonlocal';
        for (const child of namedChildren(node)) {
          scope.redirected.set(this.source.textOf(child), redirect);
          reads.push({ identifier: child, scope });
        }
        return;
      }
      case 'function_definition':
      case 'lambda': {
        const name = childByField(node, 'name');
        if (name !== undefined) this.#write(name, 'definition', node, scope);
        const inner = this.#open('function', node, scope);
        for (const child of node.children) {
          if (child === name) continue;
          if (child.field === 'parameters') this.#parameters(child, inner, scope, reads);
          else if (child.field === 'return_type') this.#collect(child, scope, reads);
          else this.#declare(child, inner, reads);
        }
        return;
      }
      case 'class_definition': {
        const name = childByField(node, 'name');
        if (name !== undefined) this.#write(name, 'definition', node, scope);
        const inner = this.#open('class', node, scope);
        for (const child of node.children) {
          if (child === name) continue;
          if (child.field === 'body') this.#declare(child, inner, reads);
          else this.#collect(child, scope, reads);
        }
        return;
      }
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        this.#children(node, this.#open('comprehension', node, scope), reads);
        return;
      default:
        this.#children(node, scope, reads);
    }
  }

  /** Reads the `global` statements of a body first, because they apply to all of it. */
  #declare(body: PyNode, scope: Scope, reads: { identifier: PyNode; scope: Scope }[]): void {
    const visit = (node: PyNode): void => {
      if (node.type === 'global_statement' || node.type === 'nonlocal_statement') {
        const redirect = node.type === 'global_statement' ? 'global' : 'nonlocal';
        for (const child of namedChildren(node)) scope.redirected.set(this.source.textOf(child), redirect);
      } else if (node.type !== 'function_definition' && node.type !== 'class_definition' && node.type !== 'lambda') {
        node.children.forEach(visit);
      }
    };
    visit(body);
    this.#collect(body, scope, reads);
  }

  #parameters(node: PyNode, inner: Scope, outer: Scope, reads: { identifier: PyNode; scope: Scope }[]): void {
    for (const parameter of namedChildren(node)) {
      const name = parameterName(parameter);
      if (name !== undefined) this.#write(name, 'parameter', parameter, inner);
      for (const field of ['value', 'type']) {
        for (const child of childrenByField(parameter, field)) this.#collect(child, outer, reads);
      }
      if (parameter.type === 'tuple_pattern') this.#target(parameter, 'parameter', parameter, inner, reads);
    }
  }

  #imports(node: PyNode, scope: Scope): void {
    if (node.children.some((child) => child.type === 'wildcard_import')) {
      this.starImports.push(node);
      return;
    }
    for (const child of childrenByField(node, 'name')) {
      const bound = child.type === 'aliased_import' ? childByField(child, 'alias') : child.children[0];
      if (bound !== undefined) this.#write(bound, 'import', node, scope);
    }
  }
}

/** The identifier that a parameter binds. */
export function parameterName(parameter: PyNode): PyNode | undefined {
  switch (parameter.type) {
    case 'identifier':
      return parameter;
    case 'default_parameter':
    case 'typed_default_parameter':
      return childByField(parameter, 'name');
    case 'typed_parameter':
    case 'list_splat_pattern':
    case 'dictionary_splat_pattern':
      return (
        parameter.children.find((child) => child.type === 'identifier') ??
        parameter.children.flatMap((child) => child.children).find((child) => child.type === 'identifier')
      );
    default:
      return undefined;
  }
}
