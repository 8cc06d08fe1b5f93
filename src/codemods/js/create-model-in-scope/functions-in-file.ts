/**
 * Who calls a function of this file, and which function a call runs: what can be seen without
 * types. Where something cannot be seen, the answer says so, and nothing is concluded from it.
 */
import type { Names } from '../syntax/names.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { keyName, memberName, type Node, walk } from '../syntax/syntax-tree.js';

export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

/** The places where a function is used. */
export interface FunctionUses {
  /** Calls of it, `new` included. */
  readonly calls: readonly Node[];
  /** Calls that it is handed to by name: `strategy.scope(build)`. */
  readonly handedTo: readonly TSESTree.CallExpression[];
  /** Whether it may also be called from where nobody can look: exported, stored, passed around. */
  readonly escapes: boolean;
}

export class FunctionsInFile {
  readonly #names: Names;
  readonly #members = new Map<string, TSESTree.MemberExpression[]>();
  readonly #uses = new Map<Node, FunctionUses>();

  constructor(source: JavaScriptSource, names: Names) {
    this.#names = names;
    walk(source.ast, source.visitorKeys, (node) => {
      if (node.type !== AST_NODE_TYPES.MemberExpression) return;
      const name = memberName(node);
      if (name === undefined) return;
      const known = this.#members.get(name);
      if (known === undefined) this.#members.set(name, [node]);
      else known.push(node);
    });
  }

  /** Member accesses by this name anywhere in the file. */
  membersNamed(name: string): readonly TSESTree.MemberExpression[] {
    return this.#members.get(name) ?? [];
  }

  /** The function of this file that a callee means, when there is exactly one. */
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

  /** Where a function is used in this file. */
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
      if (parent.callee === node) return { calls: [parent], handedTo: [], escapes: false };
      return { calls: [], handedTo: [parent], escapes: false };
    }
    if (parent.type === AST_NODE_TYPES.MethodDefinition) {
      const { parent: body } = parent;
      if (parent.kind === 'constructor') return this.#usesOfVariables(body.parent, body.parent);
      return this.#usesOfMember(keyName(parent), isExportedDeclaration(body.parent));
    }
    if (parent.type === AST_NODE_TYPES.Property && parent.value === node)
      return this.#usesOfMember(keyName(parent), true);
    if (parent.type === AST_NODE_TYPES.PropertyDefinition) return this.#usesOfMember(keyName(parent), true);
    return { calls: [], handedTo: [], escapes: true };
  }

  #usesOfVariables(declaration: Node, exportable: Node): FunctionUses {
    const variable = this.#names
      .declaredBy(declaration)
      .find((each) =>
        each.defs.some((definition) => definition.node === declaration && definition.type !== 'Parameter'),
      );
    if (variable === undefined) return { calls: [], handedTo: [], escapes: true };
    const uses = this.#names
      .referencesTo(variable)
      .filter((reference) => reference.isRead())
      .map((reference) => useOf(reference.identifier as Node));
    return summary(uses, isExportedDeclaration(exportable));
  }

  #usesOfMember(name: string | undefined, exported: boolean): FunctionUses {
    if (name === undefined) return { calls: [], handedTo: [], escapes: true };
    return summary(this.membersNamed(name).map(useOf), exported);
  }

  #functionOf(variable: Variable | undefined): FunctionNode | undefined {
    const definition = variable?.defs.length === 1 ? variable.defs[0] : undefined;
    if (variable === undefined || definition === undefined) return undefined;
    const node = definition.node as Node;
    if (node.type === AST_NODE_TYPES.FunctionDeclaration && definition.type === 'FunctionName') return node;
    if (node.type !== AST_NODE_TYPES.VariableDeclarator || node.init === null || !isFunction(node.init))
      return undefined;
    const writes = this.#names.referencesTo(variable).filter((reference) => reference.isWrite());
    return writes.length === 1 ? node.init : undefined;
  }
}

/**
 * The innermost function that a node lies in; class field initialisers and static blocks count as none.
 * ESLint ends the chain of parents with `null`, typescript-eslint with `undefined`.
 */
export function enclosingFunction(node: Node): FunctionNode | undefined {
  for (let current = node.parent; current; current = current.parent) if (isFunction(current)) return current;
  return undefined;
}

export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === AST_NODE_TYPES.FunctionDeclaration ||
    node.type === AST_NODE_TYPES.FunctionExpression ||
    node.type === AST_NODE_TYPES.ArrowFunctionExpression
  );
}

type Use = { readonly call: Node } | { readonly handedTo: TSESTree.CallExpression } | 'escape';

function useOf(node: Node): Use {
  const { parent } = node;
  if (parent?.type === AST_NODE_TYPES.CallExpression || parent?.type === AST_NODE_TYPES.NewExpression) {
    if (parent.callee === node) return { call: parent };
    if (parent.type === AST_NODE_TYPES.CallExpression) return { handedTo: parent };
  }
  return 'escape';
}

function summary(uses: readonly Use[], exported: boolean): FunctionUses {
  return {
    calls: uses.flatMap((use) => (use !== 'escape' && 'call' in use ? [use.call] : [])),
    handedTo: uses.flatMap((use) => (use !== 'escape' && 'handedTo' in use ? [use.handedTo] : [])),
    escapes: exported || uses.includes('escape') || uses.length === 0,
  };
}

function isExportedDeclaration(node: Node): boolean {
  return (
    node.parent?.type === AST_NODE_TYPES.ExportNamedDeclaration ||
    node.parent?.type === AST_NODE_TYPES.ExportDefaultDeclaration
  );
}

/** The class whose instance `this` is at a node, where that can be seen. */
export function enclosingClassBody(node: Node): TSESTree.ClassBody | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (current.type === AST_NODE_TYPES.ClassBody) return current;
    if (current.type === AST_NODE_TYPES.FunctionDeclaration) return undefined;
    // `this` of a function expression is the instance only where the function is a method.
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
