/**
 * Finds the callers of the functions of a file, and the function that a call runs, without type information. Unknown
 * callers are reported as such, so that no conclusion depends on them. Pure.
 */
import type { Names } from '../syntax/names.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Definition, Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { type FunctionNode, isFunction, keyName, memberName, type Node, walk } from '../syntax/syntax-tree.js';

/** The uses of a function. */
export interface FunctionUses {
  /** Calls of it, `new` included. */
  readonly calls: readonly Node[];
  /** Calls that have it as an argument: `strategy.scope(build)`. */
  readonly passedTo: readonly TSESTree.CallExpression[];
  /** Whether unknown code may call it, because it is exported or stored. */
  readonly escapes: boolean;
}

/** An index over the functions and member accesses of a file. */
export class FunctionsInFile {
  readonly #source: JavaScriptSource;
  readonly #names: Names;
  readonly #uses = new Map<Node, FunctionUses>();
  /** The member accesses of the file by name, collected when they are first needed. */
  #members: Map<string, TSESTree.MemberExpression[]> | undefined;

  constructor(source: JavaScriptSource, names: Names) {
    this.#source = source;
    this.#names = names;
  }

  /** The accesses of members with this name anywhere in the file. */
  membersNamed(name: string): readonly TSESTree.MemberExpression[] {
    this.#members ??= membersByName(this.#source);
    return this.#members.get(name) ?? [];
  }

  /** The function of this file that a callee refers to, if there is exactly one. */
  calledBy(callee: Node): FunctionNode | undefined {
    if (isFunction(callee)) return callee;
    if (callee.type === AST_NODE_TYPES.Identifier) return this.#functionOf(this.#names.variableOf(callee));
    if (callee.type === AST_NODE_TYPES.MemberExpression && callee.object.type === AST_NODE_TYPES.ThisExpression) {
      const name = memberName(callee);
      const body = enclosingClassBody(callee);
      const method = body?.body.find((member) => isNamedMethod(member, name));
      return method?.type === AST_NODE_TYPES.MethodDefinition && isFunction(method.value) ? method.value : undefined;
    }
    return undefined;
  }

  /** The uses of a function in this file. */
  usesOf(node: FunctionNode): FunctionUses {
    const known = this.#uses.get(node);
    if (known !== undefined) return known;
    const uses = this.#findUses(node);
    this.#uses.set(node, uses);
    return uses;
  }

  #findUses(node: FunctionNode): FunctionUses {
    const { parent } = node;
    if (node.type === AST_NODE_TYPES.FunctionDeclaration) return this.#usesOfVariables(node, node);
    if (parent.type === AST_NODE_TYPES.VariableDeclarator) return this.#usesOfVariables(parent, parent.parent);
    if (parent.type === AST_NODE_TYPES.CallExpression) {
      if (parent.callee === node) return { calls: [parent], passedTo: [], escapes: false };
      return { calls: [], passedTo: [parent], escapes: false };
    }
    if (parent.type === AST_NODE_TYPES.MethodDefinition) {
      const { parent: body } = parent;
      if (parent.kind === 'constructor') return this.#usesOfVariables(body.parent, body.parent);
      return this.#usesOfMember(keyName(parent), isExportedDeclaration(body.parent));
    }
    if (parent.type === AST_NODE_TYPES.Property && parent.value === node)
      return this.#usesOfMember(keyName(parent), true);
    if (parent.type === AST_NODE_TYPES.PropertyDefinition) return this.#usesOfMember(keyName(parent), true);
    return { calls: [], passedTo: [], escapes: true };
  }

  #usesOfVariables(declaration: Node, exportable: Node): FunctionUses {
    const variable = this.#names
      .declaredBy(declaration)
      .find((each) => each.defs.some((definition) => definition.node === declaration && !isParameter(definition)));
    if (variable === undefined) return { calls: [], passedTo: [], escapes: true };
    const uses = this.#names
      .referencesTo(variable)
      .filter((reference) => reference.isRead())
      .map((reference) => useOf(reference.identifier as Node));
    return summary(uses, isExportedDeclaration(exportable));
  }

  #usesOfMember(name: string | undefined, exported: boolean): FunctionUses {
    if (name === undefined) return { calls: [], passedTo: [], escapes: true };
    return summary(this.membersNamed(name).map(useOf), exported);
  }

  #functionOf(variable: Variable | undefined): FunctionNode | undefined {
    const definition = variable?.defs.length === 1 ? variable.defs[0] : undefined;
    if (variable === undefined || definition === undefined) return undefined;
    const node = definition.node as Node;
    if (node.type === AST_NODE_TYPES.FunctionDeclaration && !isParameter(definition)) return node;
    if (node.type !== AST_NODE_TYPES.VariableDeclarator || node.init === null || !isFunction(node.init))
      return undefined;
    const writes = this.#names.referencesTo(variable).filter((reference) => reference.isWrite());
    return writes.length === 1 ? node.init : undefined;
  }
}

function membersByName({ ast, visitorKeys }: JavaScriptSource): Map<string, TSESTree.MemberExpression[]> {
  const members = new Map<string, TSESTree.MemberExpression[]>();
  walk(ast, visitorKeys, (node) => {
    const name = node.type === AST_NODE_TYPES.MemberExpression ? memberName(node) : undefined;
    if (node.type !== AST_NODE_TYPES.MemberExpression || name === undefined) return;
    const known = members.get(name);
    if (known === undefined) members.set(name, [node]);
    else known.push(node);
  });
  return members;
}

/** Whether a parameter defines a variable. ESLint's scope manager and typescript-eslint's use the same string. */
export function isParameter(definition: Definition): boolean {
  const type: string = definition.type;
  return type === 'Parameter';
}

/**
 * The innermost function around a node; class field initializers and static blocks are in none.
 * ESLint ends the chain of parents with `null`, typescript-eslint with `undefined`.
 */
export function enclosingFunction(node: Node): FunctionNode | undefined {
  for (let current = node.parent; current; current = current.parent) if (isFunction(current)) return current;
  return undefined;
}

type Use = { readonly call: Node } | { readonly passedTo: TSESTree.CallExpression } | 'escape';

function useOf(node: Node): Use {
  const { parent } = node;
  if (parent?.type === AST_NODE_TYPES.CallExpression || parent?.type === AST_NODE_TYPES.NewExpression) {
    if (parent.callee === node) return { call: parent };
    if (parent.type === AST_NODE_TYPES.CallExpression) return { passedTo: parent };
  }
  return 'escape';
}

function summary(uses: readonly Use[], exported: boolean): FunctionUses {
  return {
    calls: uses.flatMap((use) => (use !== 'escape' && 'call' in use ? [use.call] : [])),
    passedTo: uses.flatMap((use) => (use !== 'escape' && 'passedTo' in use ? [use.passedTo] : [])),
    escapes: exported || uses.includes('escape') || uses.length === 0,
  };
}

function isExportedDeclaration(node: Node): boolean {
  return (
    node.parent?.type === AST_NODE_TYPES.ExportNamedDeclaration ||
    node.parent?.type === AST_NODE_TYPES.ExportDefaultDeclaration
  );
}

/** The class whose instance `this` means at a node, if that is certain. */
export function enclosingClassBody(node: Node): TSESTree.ClassBody | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (current.type === AST_NODE_TYPES.ClassBody) return current;
    if (current.type === AST_NODE_TYPES.FunctionDeclaration) return undefined;
    // In a function expression, `this` is the instance only if the function is a method.
    if (current.type === AST_NODE_TYPES.FunctionExpression && current.parent.type !== AST_NODE_TYPES.MethodDefinition)
      return undefined;
  }
  return undefined;
}

function isNamedMethod(member: TSESTree.ClassElement, name: string | undefined): boolean {
  return (
    name !== undefined &&
    member.type === AST_NODE_TYPES.MethodDefinition &&
    member.kind === 'method' &&
    keyName(member) === name
  );
}
