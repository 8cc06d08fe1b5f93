/** Decides for each statement whether it belongs inside the scope of the strategy. Pure. */
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { AccessPath, PathUse } from '../analyze/access-path.js';
import type { StatementList } from '../analyze/statement-list.js';
import type { WrapRemoval } from './remove-wraps.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { BUILDS, OUTSIDE_SCOPE } from '../../lifecycle/vocabulary-table.js';
import { isFunction, isInside, memberName, type Node, walkInto } from '../../syntax/syntax-tree.js';
import { memberReadFrom, usesOf } from '../analyze/access-path.js';
import { controlFlowOf } from '../analyze/control-flow.js';
import { partStatements } from '../analyze/model-parts.js';
import { functionAround } from '../analyze/statement-list.js';

/** What the scope of one group of wraps must contain. */
export interface ScopeRequest {
  readonly list: StatementList;
  /** The index of the first statement in the scope. */
  readonly first: number;
  /** Every path of the wrapped models. */
  readonly paths: readonly AccessPath[];
  /** Calls that build or compile a model that no path holds. */
  readonly calls: readonly Node[];
  /** Declarations that move before the strategy. */
  readonly hoisted: readonly Node[];
}

/**
 * - `model`: builds, configures or compiles the model, or creates a part of it.
 * - `other`: anything else.
 * - `removed`: not in the code any more, or moved before the strategy.
 * - `impossible`: builds the model, and cannot run in a callback.
 */
export type StatementKind = 'model' | 'other' | 'removed' | 'impossible';

export class StatementKinds {
  readonly #request: ScopeRequest;
  readonly #removal: WrapRemoval;
  readonly #source: JavaScriptSource;
  readonly #origins: Origins;
  readonly #uses: readonly PathUse[];
  readonly #parts: ReadonlySet<number>;

  constructor(request: ScopeRequest, removal: WrapRemoval, source: JavaScriptSource, origins: Origins) {
    this.#request = request;
    this.#removal = removal;
    this.#source = source;
    this.#origins = origins;
    this.#uses = request.paths
      .flatMap((path) => usesOf(path, source, origins.names))
      .filter(({ node }) => !removal.isRemoved(node));
    this.#parts = partStatements(this.#uses, request.list, source, origins);
  }

  kindOf(statement: TSESTree.Statement, index: number): StatementKind {
    if (this.#removal.statements.has(statement) || this.#request.hoisted.includes(statement)) return 'removed';
    const uses = this.#uses.filter(({ node }) => isInside(node, statement) && runsWith(statement, node));
    const builds = uses.some(
      ({ isWrite, written }) => isWrite && written !== undefined && !this.#removal.isCopyOfModel(written),
    );
    const configures = uses.some(
      (use) => (use.call !== undefined && BUILDS.has(use.member ?? '')) || isMemberAssignment(use.node),
    );
    const calls = this.#request.calls.some((call) => isInside(call, statement));
    if (!builds && !configures && !calls && !this.#parts.has(index)) return 'other';
    if (!this.#cannotMove(statement, { mayAwait: true })) return 'model';
    return builds && statement.type !== AST_NODE_TYPES.ReturnStatement ? 'impossible' : 'other';
  }

  /** Whether a statement between two statements of the model must stay outside the scope. */
  mustStayOutside(statement: TSESTree.Statement, lastOfModel: TSESTree.Statement): boolean {
    if (this.#cannotMove(statement, { mayAwait: false })) return true;
    const isUsedElsewhere = declaredVariables(statement, this.#origins).some((variable) =>
      this.#origins.names
        .referencesTo(variable)
        .some(
          ({ identifier }) => identifier.range[0] > lastOfModel.range[1] || identifier.range[1] < statement.range[0],
        ),
    );
    return isUsedElsewhere || this.#containsOpaqueCall(statement);
  }

  #cannotMove(statement: TSESTree.Statement, { mayAwait }: { readonly mayAwait: boolean }): boolean {
    if (!isMovable(statement)) return true;
    const flow = controlFlowOf(statement, this.#source.visitorKeys);
    if (flow.leaves || flow.yields || (flow.awaits && !mayAwait)) return true;
    const isChained = this.#request.calls.some(
      (call) => isInside(call, statement) && OUTSIDE_SCOPE.has(memberReadFrom(call) ?? ''),
    );
    const isUsed = this.#uses.some(
      ({ node, member, call }) => isInside(node, statement) && call !== undefined && OUTSIDE_SCOPE.has(member ?? ''),
    );
    return isChained || isUsed;
  }

  #containsOpaqueCall(statement: TSESTree.Statement): boolean {
    const opaque: Node[] = [];
    walkInto(statement, this.#source.visitorKeys, (node) => {
      if (isFunction(node) || this.#removal.statements.has(node)) return false;
      const isOpaque =
        node.type === AST_NODE_TYPES.NewExpression ||
        (node.type === AST_NODE_TYPES.CallExpression && !isHarmlessCall(node));
      if (isOpaque) opaque.push(node);
      return !isOpaque;
    });
    return opaque.length > 0;
  }
}

/** The variables that a statement declares in its own list. */
export function declaredVariables(statement: Node, { names }: Origins): Variable[] {
  const declaration = statement.type === AST_NODE_TYPES.ExportNamedDeclaration ? statement.declaration : statement;
  if (declaration?.type !== AST_NODE_TYPES.VariableDeclaration) return [];
  return declaration.declarations.flatMap((declarator) => names.declaredBy(declarator));
}

/** Whether a statement of this kind can be in a function body without hiding what it declares. */
function isMovable(statement: TSESTree.Statement): boolean {
  switch (statement.type) {
    case AST_NODE_TYPES.FunctionDeclaration:
    case AST_NODE_TYPES.ClassDeclaration:
    case AST_NODE_TYPES.ImportDeclaration:
    case AST_NODE_TYPES.ExportAllDeclaration:
    case AST_NODE_TYPES.ExportDefaultDeclaration:
      return false;
    case AST_NODE_TYPES.ExportNamedDeclaration:
      return statement.declaration?.type === AST_NODE_TYPES.VariableDeclaration;
    default:
      return !statement.type.startsWith('TS');
  }
}

/** Whether a node runs when its statement runs: not in a function that is stored and called later. */
function runsWith(statement: Node, node: Node): boolean {
  let current = functionAround(node);
  while (isInside(current, statement) && current !== statement) {
    if (!isFunction(current) || current.parent.type !== AST_NODE_TYPES.CallExpression) return false;
    current = functionAround(current);
  }
  return true;
}

/** `model.trainable = false`, `model.layers[0].trainable = false`. */
function isMemberAssignment(node: Node): boolean {
  let current = node;
  while (current.parent?.type === AST_NODE_TYPES.MemberExpression && current.parent.object === current)
    current = current.parent;
  return (
    current !== node && current.parent?.type === AST_NODE_TYPES.AssignmentExpression && current.parent.left === current
  );
}

function isHarmlessCall({ callee }: TSESTree.CallExpression): boolean {
  if (callee.type !== AST_NODE_TYPES.MemberExpression) return false;
  if (callee.object.type === AST_NODE_TYPES.Identifier && callee.object.name === 'console') return true;
  return memberName(callee) === 'summary';
}
