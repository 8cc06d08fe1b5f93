/**
 * Decides whether an expression has the same value when it runs earlier, before the statements that build the model,
 * and writes it for there. Pure.
 */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Substitutions } from '../analyze/callers.js';
import type { StatementList } from '../analyze/statement-list.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import { isFunction, isInside, type Node, walk, walkInto } from '../../syntax/syntax-tree.js';
import { accessPathOf, usesOf } from '../analyze/access-path.js';
import { declaratorOf, definitionKind } from '../analyze/definitions.js';
import { isKnownInEveryMethod } from '../analyze/known-fields.js';
import { functionAround, indexIn } from '../analyze/statement-list.js';

import { isOpaqueCall, isSideEffect } from './side-effects.js';

/** A declaration that an expression reads may itself read declarations; deeper chains are refused. */
const MAX_DEPTH = 3;

/** The new position of an expression: before statement `first` of a list. */
export interface Anchor {
  readonly list: StatementList;
  readonly first: number;
  /** The expression comes from another method of the same class, so other code runs in between. */
  readonly isInOtherMethod: boolean;
}

export interface MovedExpression {
  readonly text: string;
  /** Declarations that must move too, because the expression reads them; in source order. */
  readonly hoisted: readonly TSESTree.Statement[];
}

/** One expression to move. */
interface Move {
  readonly anchor: Anchor;
  /** The node at whose position the expression runs now. */
  readonly from: Node;
  /** Whether a call with unknown effects runs between the anchor and a node. */
  readonly passesOpaqueCode: (from: Node) => boolean;
  readonly substitutions: Substitutions;
  readonly hoisted: Set<TSESTree.Statement>;
  readonly depth: number;
}

export class ExpressionMover {
  readonly #source: JavaScriptSource;
  readonly #names: Names;

  constructor(source: JavaScriptSource, names: Names) {
    this.#source = source;
    this.#names = names;
  }

  /** Moves an expression to an anchor, or says why it cannot move. */
  move(
    expression: Node,
    move: Pick<Move, 'anchor' | 'from' | 'passesOpaqueCode' | 'substitutions'>,
  ): MovedExpression | Refusal {
    const hoisted = new Set<TSESTree.Statement>();
    const problem = this.#problem(expression, { ...move, hoisted, depth: 0 });
    if (problem !== undefined) return problem;
    const ordered = [...hoisted].sort((a, b) => a.range[0] - b.range[0]);
    return { text: this.#text(expression, move.substitutions), hoisted: ordered };
  }

  /** Leaves an expression where it is, with parameters replaced by their arguments. */
  substitute(expression: Node, substitutions: Substitutions): MovedExpression {
    return { text: this.#text(expression, substitutions), hoisted: [] };
  }

  #problem(expression: Node, move: Move): Refusal | undefined {
    const problems: Refusal[] = [];
    walkInto(expression, this.#source.visitorKeys, (node) => {
      if (problems.length > 0 || isFunction(node)) return false;
      const problem = this.#nodeProblem(node, expression, move);
      if (problem !== undefined) problems.push(problem);
      return true;
    });
    return problems[0];
  }

  #nodeProblem(node: Node, expression: Node, move: Move): Refusal | undefined {
    const runsOpaqueCode = isOpaqueCall(node, this.#names) && move.passesOpaqueCode(move.from);
    const losesThis =
      node.type === AST_NODE_TYPES.ThisExpression &&
      !(move.anchor.isInOtherMethod ? this.#readsKnownField(node, move.anchor) : sharesThis(node, move.anchor));
    if (isSideEffect(node) || runsOpaqueCode || losesThis)
      return MULTI_GPU_REFUSALS.valueNotKnownYet(this.#source.text.slice(...expression.range));
    const variable = node.type === AST_NODE_TYPES.Identifier ? this.#names.variableOf(node) : undefined;
    if (variable === undefined) return undefined;
    if (!move.substitutions.has(variable)) return this.#variableProblem(variable, move);
    const value = move.substitutions.get(variable);
    return value && this.#problem(value, { ...move, substitutions: new Map(), depth: move.depth + 1 });
  }

  #variableProblem(variable: Variable, move: Move): Refusal | undefined {
    const kind = definitionKind(variable);
    if (kind === undefined || kind === 'import') return undefined;
    const { list, first } = move.anchor;
    const firstStatement = list.statements[first];
    const notKnownYet = MULTI_GPU_REFUSALS.valueNotKnownYet(variable.name);
    if (firstStatement === undefined || !isInside(list.owner, variable.scope.block)) return notKnownYet;
    const start = firstStatement.range[0];
    const isWrittenBetween = this.#names
      .referencesTo(variable)
      .some(
        (reference) =>
          reference.isWrite() &&
          reference.init !== true &&
          (move.anchor.isInOtherMethod ||
            (reference.identifier.range[0] >= start && reference.identifier.range[0] < move.from.range[1])),
      );
    if (isWrittenBetween) return notKnownYet;
    const declarator = declaratorOf(variable);
    if (
      declarator === undefined ||
      declarator.range[1] <= start ||
      functionAround(declarator) !== functionAround(firstStatement)
    )
      return undefined;
    // The declaration is between the model and the wrap, so it has to move too.
    return isRefusal(this.#hoistProblem(declarator, move)) ? notKnownYet : undefined;
  }

  /** `this.gpus`, whose only value is set before the anchor: in the same method, or when the instance is created. */
  #readsKnownField({ parent }: Node, { list, first }: Anchor): boolean {
    const path = parent === undefined ? undefined : accessPathOf(parent, this.#names);
    if (path === undefined) return false;
    if (isKnownInEveryMethod(path, this.#source, this.#names)) return true;
    const [write, ...others] = usesOf(path, this.#source, this.#names).filter(({ isWrite }) => isWrite);
    const statement = write === undefined ? -1 : indexIn(list, write.node);
    return others.length === 0 && statement !== -1 && statement < first;
  }

  #hoistProblem(declarator: TSESTree.VariableDeclarator, move: Move): Refusal | undefined {
    const { list, first } = move.anchor;
    const index = indexIn(list, declarator);
    const statement = list.statements[index];
    const refusal = MULTI_GPU_REFUSALS.valueNotKnownYet(this.#source.text.slice(...declarator.range));
    if (
      move.depth > MAX_DEPTH ||
      index <= first ||
      // It has no value yet where the program reads it.
      declarator.range[0] > move.from.range[1] ||
      statement?.type !== AST_NODE_TYPES.VariableDeclaration ||
      statement !== declarator.parent ||
      statement.declarations.length !== 1 ||
      declarator.init === null
    )
      return refusal;
    const inner = { ...move, from: statement, substitutions: new Map(), depth: move.depth + 1 };
    if (isRefusal(this.#problem(declarator.init, inner))) return refusal;
    move.hoisted.add(statement);
    return undefined;
  }

  #text(expression: Node, substitutions: Substitutions): string {
    const { text, visitorKeys } = this.#source;
    let output = '';
    let end = expression.range[0];
    walk(expression, visitorKeys, (node) => {
      const variable = node.type === AST_NODE_TYPES.Identifier ? this.#names.variableOf(node) : undefined;
      if (variable === undefined || !substitutions.has(variable)) return;
      const value = substitutions.get(variable);
      const argument = value === undefined ? 'undefined' : text.slice(...value.range);
      const isAtomic = value === undefined || isAtomicExpression(value) || node === expression;
      output += text.slice(end, node.range[0]) + (isAtomic ? argument : `(${argument})`);
      end = node.range[1];
    });
    return output + text.slice(end, expression.range[1]);
  }
}

/** Whether `this` means the same at a node and at the anchor; arrow functions share the `this` around them. */
function sharesThis(node: Node, { list }: Anchor): boolean {
  const owner = (from: Node): Node => {
    let current = functionAround(from);
    while (current.type === AST_NODE_TYPES.ArrowFunctionExpression) current = functionAround(current);
    return current;
  };
  return owner(node) === owner(list.owner);
}

/** Whether an expression needs no parentheses as an operand. */
function isAtomicExpression(node: Node): boolean {
  return (
    node.type === AST_NODE_TYPES.Identifier ||
    node.type === AST_NODE_TYPES.Literal ||
    node.type === AST_NODE_TYPES.MemberExpression ||
    node.type === AST_NODE_TYPES.CallExpression ||
    node.type === AST_NODE_TYPES.ArrayExpression
  );
}
