/**
 * Takes the wraps out of the code: `multiGpuModel(model, 2)` becomes `model`, a second name for the
 * model gives way to the first, and what does nothing any more goes. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { type Node, unwrap } from '../../syntax/syntax-tree.js';
import { isSamePlace, outermostWithValue, type Place, placeOf, usesOf } from '../analyze/access-path.js';
import { isInside } from '../analyze/statement-list.js';
import { targetOf } from '../analyze/value-target.js';

/** A wrap that goes. */
export interface ReducedWrap {
  readonly call: TSESTree.CallExpression;
  readonly model: Node;
  /** The scope goes round the argument, so that the call goes and the argument stays where it is. */
  readonly keepsArgument?: boolean;
}

export interface Reduction {
  /** Edits in code that stays. */
  readonly edits: readonly TextEdit[];
  /** Statements that go, whole. */
  readonly removed: ReadonlySet<Node>;
  /** Values that are nothing but a model that is kept elsewhere. */
  isPlainCopy(value: Node): boolean;
  /** Names that gave way, each with the one that it gave way to. */
  readonly renamed: ReadonlyMap<Variable, Place>;
}

export function reduceWraps(wraps: readonly ReducedWrap[], source: JavaScriptSource, names: Names): Reduction {
  return new Reducer(wraps, source, names).reduce();
}

class Reducer {
  readonly #source: JavaScriptSource;
  readonly #names: Names;
  readonly #wraps: readonly ReducedWrap[];
  readonly #models = new Map<Node, Node>();
  readonly #edits: TextEdit[] = [];
  readonly #removed = new Set<Node>();
  readonly #renamed = new Map<Variable, Place>();

  constructor(wraps: readonly ReducedWrap[], source: JavaScriptSource, names: Names) {
    this.#wraps = wraps;
    this.#source = source;
    this.#names = names;
    for (const { call, model } of wraps) this.#models.set(call, model);
  }

  reduce(): Reduction {
    for (const wrap of this.#wraps) this.#secondName(wrap);
    for (const { call, model } of this.#wraps) {
      if (this.#isGone(call)) continue;
      const template = placeOf(withoutAwait(model), this.#names);
      const { place, node } = targetOf(call, this.#names);
      const statement = node === undefined ? undefined : statementOf(node);
      const isSelf = template !== undefined && place !== undefined && isSamePlace(template, place);
      if (isSelf && statement !== undefined && this.#isReducible(valueOf(node!), template)) this.#remove(statement);
      else this.#unwrap(call, model, template);
    }
    for (const [variable, place] of this.#renamed) this.#rename(variable, place);
    for (const variable of new Set(
      this.#wraps.map(({ model }) => placeOf(withoutAwait(model), this.#names)?.variable),
    )) {
      if (variable !== undefined) this.#makeConstant(variable);
    }
    return {
      edits: this.#edits,
      removed: this.#removed,
      renamed: this.#renamed,
      isPlainCopy: (value) => this.#copies(value),
    };
  }

  #copies(value: Node): boolean {
    const inner = withoutAwait(value);
    const model = this.#models.get(inner);
    if (model !== undefined) return this.#copies(model);
    if (inner.type === AST_NODE_TYPES.ConditionalExpression)
      return this.#copies(inner.consequent) && this.#copies(inner.alternate);
    return placeOf(inner, this.#names) !== undefined;
  }

  /** `const parallel = multiGpuModel(model, 2)`: when every value of `parallel` is the model, the name can go. */
  #secondName({ call, model }: ReducedWrap): void {
    const template = placeOf(withoutAwait(model), this.#names);
    const { place } = targetOf(call, this.#names);
    if (
      template?.variable === undefined ||
      template.members.length > 0 ||
      place?.variable === undefined ||
      place.members.length > 0
    )
      return;
    if (isSamePlace(template, place) || this.#renamed.has(place.variable) || this.#renamed.has(template.variable))
      return;
    const uses = usesOf(place, this.#source, this.#names);
    const declarator = place.variable.defs[0]?.node as Node | undefined;
    if (declarator?.type !== AST_NODE_TYPES.VariableDeclarator) return;
    const declaration = declarator.parent;
    if (declaration.declarations.length !== 1 || !isStatementPosition(declaration)) return;
    const writes = uses.filter(({ isWrite }) => isWrite);
    const statements: Node[] = [declaration];
    for (const { node, written } of writes) {
      if (written === undefined || !this.#isReducible(written, template)) return;
      if (isInside(node, declaration)) continue;
      const assignment = node.parent?.type === AST_NODE_TYPES.AssignmentExpression ? node.parent : undefined;
      const statement = assignment === undefined ? undefined : statementOf(assignment);
      if (statement === undefined) return;
      statements.push(statement);
    }
    const firstWrite = Math.min(...writes.map(({ node }) => node.range[0]));
    const rewritten = usesOf(template, this.#source, this.#names).some(
      ({ isWrite, node, written }) =>
        isWrite && node.range[0] > firstWrite && !(written !== undefined && this.#isReducible(written, template)),
    );
    if (rewritten) return;
    const visible = uses.every(({ node }) => this.#means(node, template));
    if (!visible || uses.some(({ node }) => node.parent?.type === AST_NODE_TYPES.ExportSpecifier)) return;
    this.#renamed.set(place.variable, template);
    for (const statement of statements) this.#remove(statement);
  }

  /** `let model = …` that only the wrap assigned again becomes `const`. */
  #makeConstant(variable: Variable): void {
    const declaration = variable.defs[0]?.parent as Node | undefined;
    if (declaration?.type !== AST_NODE_TYPES.VariableDeclaration || declaration.kind !== 'let') return;
    if (declaration.declarations.length !== 1 || declaration.declarations[0]!.init === null) return;
    const later = this.#names.referencesTo(variable).filter((reference) => reference.isWrite() && !reference.init);
    if (later.length === 0 || !later.every(({ identifier }) => this.#isGone(identifier as Node))) return;
    this.#edits.push({ start: declaration.range[0], end: declaration.range[0] + 'let'.length, text: 'const' });
  }

  /** Whether the template's name, written at a node, means the template. */
  #means(node: Node, { variable, text }: Place): boolean {
    for (
      let scope = this.#names.scopeOf(node) as ReturnType<Names['scopeOf']> | null;
      scope !== null;
      scope = scope.upper
    ) {
      const found = scope.set.get(text);
      if (found !== undefined) return found === variable;
    }
    return false;
  }

  #isReducible(value: Node, template: Place): boolean {
    const inner = withoutAwait(value);
    const model = this.#models.get(inner);
    if (model !== undefined) return this.#isReducible(model, template);
    if (inner.type === AST_NODE_TYPES.ConditionalExpression) {
      return this.#isReducible(inner.consequent, template) && this.#isReducible(inner.alternate, template);
    }
    const place = placeOf(inner, this.#names);
    return place !== undefined && isSamePlace(place, template);
  }

  #isGone(node: Node): boolean {
    for (let current: Node | undefined = node; current !== undefined; current = current.parent)
      if (this.#removed.has(current)) return true;
    return false;
  }

  #unwrap(wrap: TSESTree.CallExpression, model: Node, template: Place | undefined): void {
    const call = this.#wholeOf(wrap, model);
    const parent = call.parent!;
    const needsParentheses =
      model.type !== AST_NODE_TYPES.Identifier &&
      model.type !== AST_NODE_TYPES.CallExpression &&
      model.type !== AST_NODE_TYPES.MemberExpression &&
      (parent.type === AST_NODE_TYPES.MemberExpression ||
        parent.type === AST_NODE_TYPES.AwaitExpression ||
        parent.type === AST_NODE_TYPES.TSAsExpression);
    if (template !== undefined) this.#mergeBranches(wrap, template);
    this.#edits.push({ start: call.range[0], end: model.range[0], text: needsParentheses ? '(' : '' });
    this.#edits.push({ start: model.range[1], end: call.range[1], text: needsParentheses ? ')' : '' });
  }

  /** `if (…) a = multiGpuModel(b); else a = b;` is `a = b;` now. */
  #mergeBranches(wrap: TSESTree.CallExpression, template: Place): void {
    const { node } = targetOf(wrap, this.#names);
    const statement = node?.type === AST_NODE_TYPES.AssignmentExpression ? statementOf(node) : undefined;
    if (node === undefined || statement === undefined || !isSimpleAssignment(statement)) return;
    const block = statement.parent?.type === AST_NODE_TYPES.BlockStatement ? statement.parent : statement;
    const condition = block.parent;
    if (condition?.type !== AST_NODE_TYPES.IfStatement || condition.test === block || condition.alternate === null)
      return;
    const other = onlyStatement(condition.consequent === block ? condition.alternate : condition.consequent);
    if (onlyStatement(block) !== statement || other === undefined || !isSimpleAssignment(other)) return;
    const { text } = this.#source;
    const [left, right] = [statement.expression, other.expression];
    if (text.slice(...left.left.range) !== text.slice(...right.left.range) || !this.#isReducible(right.right, template))
      return;
    this.#edits.push(
      { start: condition.range[0], end: statement.range[0], text: '' },
      { start: statement.range[1], end: condition.range[1], text: '' },
    );
  }

  /** The ternary around a wrap when both of its values are the same model. */
  #wholeOf(call: TSESTree.CallExpression, model: Node): Node {
    const value = outermostWithValue(call);
    const { parent } = value;
    if (parent?.type !== AST_NODE_TYPES.ConditionalExpression || parent.test === value) return call;
    const other = parent.consequent === value ? parent.alternate : parent.consequent;
    return this.#source.text.slice(...model.range) === this.#source.text.slice(...other.range) ? parent : call;
  }

  #rename(variable: Variable, { text }: Place): void {
    const place = { text: variable.name, variable, members: [], owner: undefined };
    for (const { node } of usesOf(place, this.#source, this.#names)) {
      if (this.#isGone(node)) continue;
      const { parent } = node;
      const isShorthand = parent?.type === AST_NODE_TYPES.Property && parent.shorthand;
      this.#edits.push({
        start: node.range[0],
        end: node.range[1],
        text: isShorthand ? `${variable.name}: ${text}` : text,
      });
    }
  }

  /** Removes a statement, and a branch that is empty without it. */
  #remove(statement: Node): void {
    this.#removed.add(statement);
    const { parent } = statement;
    if (parent === undefined) return;
    let branch: Node = statement;
    if (parent.type === AST_NODE_TYPES.BlockStatement) {
      if (!parent.body.every((each) => this.#removed.has(each))) return;
      branch = parent;
    }
    const condition = branch.parent;
    if (condition?.type !== AST_NODE_TYPES.IfStatement || condition.test === branch) return;
    const { test, consequent, alternate } = condition;
    const isConsequentGone = this.#isEmpty(consequent);
    const isAlternateGone = alternate === null || this.#isEmpty(alternate);
    if (isConsequentGone && isAlternateGone) {
      this.#dropEditsIn(condition);
      this.#remove(condition);
    } else if (isConsequentGone && alternate !== null) {
      this.#edits.push(
        { start: test.range[0], end: test.range[0], text: '!(' },
        { start: test.range[1], end: test.range[1], text: ')' },
      );
      this.#edits.push({ start: consequent.range[0], end: alternate.range[0], text: '' });
    } else if (alternate !== null && isAlternateGone) {
      this.#edits.push({ start: consequent.range[1], end: alternate.range[1], text: '' });
    }
  }

  #isEmpty(branch: Node): boolean {
    if (this.#removed.has(branch)) return true;
    return branch.type === AST_NODE_TYPES.BlockStatement && branch.body.every((each) => this.#removed.has(each));
  }

  /** Half an `if` that was to stay goes after all. */
  #dropEditsIn(node: Node): void {
    for (let index = this.#edits.length - 1; index >= 0; index--) {
      const { start, end } = this.#edits[index]!;
      if (node.range[0] <= start && end <= node.range[1]) this.#edits.splice(index, 1);
    }
  }
}

/** The statement that is nothing but an assignment, `if`-less guard included: `gpus > 1 && (model = …);`. */
function statementOf(node: Node): Node | undefined {
  let value = outermostWithValue(node);
  if (value.parent?.type === AST_NODE_TYPES.LogicalExpression && value.parent.right === value) value = value.parent;
  return value.parent?.type === AST_NODE_TYPES.ExpressionStatement ? value.parent : undefined;
}

interface SimpleAssignment {
  readonly expression: TSESTree.AssignmentExpression;
}

function isSimpleAssignment(statement: Node): statement is Node & SimpleAssignment {
  return (
    statement.type === AST_NODE_TYPES.ExpressionStatement &&
    statement.expression.type === AST_NODE_TYPES.AssignmentExpression &&
    statement.expression.operator === '='
  );
}

function onlyStatement(branch: Node): Node | undefined {
  if (branch.type !== AST_NODE_TYPES.BlockStatement) return branch;
  return branch.body.length === 1 ? branch.body[0] : undefined;
}

function valueOf(node: TSESTree.VariableDeclarator | TSESTree.AssignmentExpression): Node {
  return node.type === AST_NODE_TYPES.AssignmentExpression ? node.right : node.init!;
}

function isStatementPosition({ parent }: TSESTree.VariableDeclaration): boolean {
  return (
    parent.type === AST_NODE_TYPES.Program ||
    parent.type === AST_NODE_TYPES.BlockStatement ||
    parent.type === AST_NODE_TYPES.SwitchCase ||
    parent.type === AST_NODE_TYPES.StaticBlock ||
    parent.type === AST_NODE_TYPES.TSModuleBlock
  );
}

function withoutAwait(expression: Node): Node {
  let inner = unwrap(expression);
  while (inner.type === AST_NODE_TYPES.AwaitExpression) inner = unwrap(inner.argument);
  return inner;
}
