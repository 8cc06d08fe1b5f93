/**
 * Whether an expression gives the same value when it is evaluated earlier, in front of the statements
 * that build the model, and how it reads there. Pure.
 */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { memberName, type Node, type VisitorKeys, walk } from '../../syntax/syntax-tree.js';
import { functionAround, indexIn, isFunction, isInside, type StatementList } from '../analyze/statement-list.js';
import { type Refusal, refuse } from '../refusal.js';

/** Where the strategy is made: before statement `first` of a list. */
export interface Anchor {
  readonly list: StatementList;
  readonly first: number;
}

export interface MovedExpression {
  readonly text: string;
  /** Declarations that have to move along, because the expression reads them; in source order. */
  readonly hoisted: readonly TSESTree.Statement[];
}

/** Values that stand for the parameters of a function, at one call of it. */
export type Substitutions = ReadonlyMap<Variable, Node | undefined>;

const PURE_FUNCTIONS: ReadonlySet<string> = new Set([
  'Number',
  'parseInt',
  'parseFloat',
  'String',
  'Boolean',
  'BigInt',
  'isNaN',
]);
const PURE_NAMESPACES: ReadonlySet<string> = new Set(['Math', 'Number', 'Array', 'Object', 'JSON']);
const PURE_METHODS: ReadonlySet<string> = new Set([
  'split',
  'map',
  'filter',
  'slice',
  'trim',
  'concat',
  'includes',
  'indexOf',
  'join',
  'keys',
  'at',
  'flat',
]);

export class ExpressionMover {
  readonly #source: JavaScriptSource;
  readonly #names: Names;

  constructor(source: JavaScriptSource, names: Names) {
    this.#source = source;
    this.#names = names;
  }

  /**
   * @param from where the expression is evaluated now
   * @param overOpaque whether code that may do anything lies between the anchor and a node
   */
  move(
    expression: Node,
    anchor: Anchor,
    from: Node,
    overOpaque: (from: Node) => boolean,
    substitutions: Substitutions = new Map(),
  ): MovedExpression | Refusal {
    const hoisted = new Set<TSESTree.Statement>();
    const problem = this.#problem(expression, anchor, from, overOpaque, substitutions, hoisted, 0);
    if (problem !== undefined) return problem;
    const ordered = [...hoisted].sort((a, b) => a.range[0] - b.range[0]);
    return { text: this.#text(expression, substitutions), hoisted: ordered };
  }

  /** The expression where it stands, with parameters replaced by what they are given. */
  moveNowhere(expression: Node, substitutions: Substitutions): MovedExpression {
    return { text: this.#text(expression, substitutions), hoisted: [] };
  }

  #problem(
    expression: Node,
    anchor: Anchor,
    from: Node,
    overOpaque: (from: Node) => boolean,
    substitutions: Substitutions,
    hoisted: Set<TSESTree.Statement>,
    depth: number,
  ): Refusal | undefined {
    let problem: Refusal | undefined;
    walk(expression, this.#source.visitorKeys, (node) => {
      if (problem !== undefined || isFunction(node)) return false;
      if (isEffect(node) || (isOpaqueCall(node, this.#names) && overOpaque(from))) {
        problem = tooLate(this.#source.text.slice(...expression.range));
      } else if (node.type === AST_NODE_TYPES.ThisExpression) {
        if (!sharesThis(node, anchor)) {
          problem = tooLate(this.#source.text.slice(...expression.range));
        }
      } else if (node.type === AST_NODE_TYPES.Identifier) {
        const variable = this.#names.variableOf(node);
        if (variable === undefined) return;
        if (substitutions.has(variable)) {
          const value = substitutions.get(variable);
          if (value !== undefined)
            problem = this.#problem(value, anchor, from, overOpaque, new Map(), hoisted, depth + 1);
        } else {
          problem = this.#variableProblem(variable, node, anchor, from, overOpaque, hoisted, depth);
        }
      }
      return undefined;
    });
    return problem;
  }

  #variableProblem(
    variable: Variable,
    use: Node,
    anchor: Anchor,
    from: Node,
    overOpaque: (from: Node) => boolean,
    hoisted: Set<TSESTree.Statement>,
    depth: number,
  ): Refusal | undefined {
    const definition = variable.defs[0];
    if (definition === undefined || (definition.type as string) === 'ImportBinding') return undefined;
    const { list, first } = anchor;
    const start = list.statements[first]!.range[0];
    const late = tooLate((use as TSESTree.Identifier).name);
    if (!isInside(list.owner, variable.scope.block as Node)) return late;
    const between = this.#names
      .referencesTo(variable)
      .filter((reference) => reference.isWrite() && !reference.init)
      .some(({ identifier }) => identifier.range[0] >= start && identifier.range[0] < from.range[1]);
    if (between) return late;
    if ((definition.type as string) !== 'Variable') return undefined;
    const declarator = definition.node as TSESTree.VariableDeclarator;
    if (declarator.range[1] <= start || functionAround(declarator) !== functionAround(list.statements[first]!))
      return undefined;
    // Declared between the model and the wrap: the declaration has to move along.
    const index = indexIn(list, declarator);
    const statement = list.statements[index];
    if (
      depth > 3 ||
      index <= first ||
      statement === undefined ||
      statement !== declarator.parent ||
      statement.type !== AST_NODE_TYPES.VariableDeclaration ||
      statement.declarations.length !== 1 ||
      declarator.init === null
    ) {
      return late;
    }
    const problem = this.#problem(declarator.init, anchor, statement, overOpaque, new Map(), hoisted, depth + 1);
    if (problem !== undefined) return late;
    hoisted.add(statement);
    return undefined;
  }

  #text(expression: Node, substitutions: Substitutions): string {
    const { text, visitorKeys } = this.#source;
    const parts: { start: number; end: number; text: string }[] = [];
    walk(expression, visitorKeys, (node) => {
      if (node.type !== AST_NODE_TYPES.Identifier) return;
      const variable = this.#names.variableOf(node);
      if (variable === undefined || !substitutions.has(variable)) return;
      const value = substitutions.get(variable);
      const raw = value === undefined ? 'undefined' : text.slice(...value.range);
      const simple = value === undefined || isSimple(value) || node === expression;
      parts.push({ start: node.range[0], end: node.range[1], text: simple ? raw : `(${raw})` });
    });
    let output = '';
    let at = expression.range[0];
    for (const part of parts.sort((a, b) => a.start - b.start)) {
      output += text.slice(at, part.start) + part.text;
      at = part.end;
    }
    return output + text.slice(at, expression.range[1]);
  }
}

function tooLate(what: string): Refusal {
  const shown = what.length > 40 ? `${what.slice(0, 37)}...` : what;
  return refuse(
    RefusalReason.EvaluationOrder,
    `${shown.replace(/\s+/g, ' ')} is not known yet where the model is built`,
  );
}

function isEffect(node: Node): boolean {
  switch (node.type) {
    case AST_NODE_TYPES.AwaitExpression:
    case AST_NODE_TYPES.YieldExpression:
    case AST_NODE_TYPES.AssignmentExpression:
    case AST_NODE_TYPES.UpdateExpression:
    case AST_NODE_TYPES.TaggedTemplateExpression:
    case AST_NODE_TYPES.ImportExpression:
      return true;
    default:
      return node.type === AST_NODE_TYPES.UnaryExpression && node.operator === 'delete';
  }
}

/** Whether an expression calls something that may have effects. */
export function hasOpaqueCall(expression: Node, names: Names, visitorKeys: VisitorKeys): boolean {
  let has = false;
  walk(expression, visitorKeys, (node) => {
    if (isOpaqueCall(node, names)) has = true;
  });
  return has;
}

function isOpaqueCall(node: Node, names: Names): boolean {
  if (node.type === AST_NODE_TYPES.NewExpression) return true;
  if (node.type !== AST_NODE_TYPES.CallExpression) return false;
  const { callee } = node;
  if (callee.type === AST_NODE_TYPES.Identifier) return !(PURE_FUNCTIONS.has(callee.name) && names.isGlobal(callee));
  if (callee.type !== AST_NODE_TYPES.MemberExpression) return true;
  const { object } = callee;
  if (object.type === AST_NODE_TYPES.Identifier && PURE_NAMESPACES.has(object.name) && names.isGlobal(object))
    return false;
  return !PURE_METHODS.has(memberName(callee) ?? '');
}

/** Arrow functions have the `this` of what is around them. */
function sharesThis(node: Node, { list }: Anchor): boolean {
  const owner = (from: Node): Node => {
    let current = functionAround(from);
    while (current.type === AST_NODE_TYPES.ArrowFunctionExpression) current = functionAround(current);
    return current;
  };
  return owner(node) === owner(list.owner);
}

function isSimple(node: Node): boolean {
  return (
    node.type === AST_NODE_TYPES.Identifier ||
    node.type === AST_NODE_TYPES.Literal ||
    node.type === AST_NODE_TYPES.MemberExpression ||
    node.type === AST_NODE_TYPES.CallExpression ||
    node.type === AST_NODE_TYPES.ArrayExpression
  );
}
