/**
 * Removes wraps from the code: `multiGpuModel(model, 2)` becomes `model`, the wrapped model takes the name of its
 * template, and statements that then have no effect are removed. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { AccessPath } from '../analyze/access-path.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { type Node, outermostWithValue, withoutAwait } from '../../syntax/syntax-tree.js';
import { accessPathOf, isSamePath, pathOfVariable, usesOf } from '../analyze/access-path.js';
import { targetOf } from '../analyze/value-target.js';

import { assignmentStatement, simpleAssignment } from './assignment-statement.js';
import { mergedName } from './merge-names.js';
import { RemovedCode } from './removed-code.js';

/** A wrap to remove. */
export interface RemovedWrap {
  readonly call: TSESTree.CallExpression;
  readonly model: Node;
}

/** The code without its wraps. */
export interface WrapRemoval {
  /** Edits in code that stays. */
  readonly edits: readonly TextEdit[];
  /** Statements to remove completely. */
  readonly statements: ReadonlySet<Node>;
  /** Whether a node is in a removed statement. */
  readonly isRemoved: (node: Node) => boolean;
  /** Whether a value is just a model that is stored somewhere else. */
  readonly isCopyOfModel: (value: Node) => boolean;
  /** Replaced variables, each with the path that replaces it. */
  readonly renamed: ReadonlyMap<Variable, AccessPath>;
}

export function removeWraps(wraps: readonly RemovedWrap[], source: JavaScriptSource, names: Names): WrapRemoval {
  return new WrapRemover(wraps, source, names).remove();
}

class WrapRemover {
  readonly #source: JavaScriptSource;
  readonly #names: Names;
  readonly #wraps: readonly RemovedWrap[];
  readonly #modelOf: ReadonlyMap<Node, Node>;
  readonly #removed = new RemovedCode();
  readonly #renamed = new Map<Variable, AccessPath>();

  constructor(wraps: readonly RemovedWrap[], source: JavaScriptSource, names: Names) {
    this.#wraps = wraps;
    this.#source = source;
    this.#names = names;
    this.#modelOf = new Map(wraps.map(({ call, model }) => [call, model]));
  }

  remove(): WrapRemoval {
    for (const wrap of this.#wraps) this.#mergeNames(wrap);
    for (const wrap of this.#wraps) if (!this.#removed.isRemoved(wrap.call)) this.#removeWrap(wrap);
    for (const [variable, template] of this.#renamed) this.#rename(variable, template);
    const templates = new Set(this.#wraps.map((wrap) => this.#templateOf(wrap)?.variable));
    for (const variable of templates) if (variable !== undefined) this.#makeConstant(variable);
    return {
      edits: this.#removed.edits,
      statements: this.#removed.statements,
      isRemoved: (node) => this.#removed.isRemoved(node),
      isCopyOfModel: (value) => this.#isCopy(value, () => true),
      renamed: this.#renamed,
    };
  }

  #templateOf({ model }: RemovedWrap): AccessPath | undefined {
    return accessPathOf(withoutAwait(model), this.#names);
  }

  /** Whether a value, without its wraps, is only an access path that is accepted. */
  #isCopy(value: Node, accepts: (path: AccessPath) => boolean): boolean {
    const inner = withoutAwait(value);
    const model = this.#modelOf.get(inner);
    if (model !== undefined) return this.#isCopy(model, accepts);
    if (inner.type === AST_NODE_TYPES.ConditionalExpression)
      return this.#isCopy(inner.consequent, accepts) && this.#isCopy(inner.alternate, accepts);
    const path = accessPathOf(inner, this.#names);
    return path !== undefined && accepts(path);
  }

  #isCopyOf(value: Node, template: AccessPath): boolean {
    return this.#isCopy(value, (path) => isSamePath(path, template));
  }

  /** `const parallel = multiGpuModel(model, 2)`: if every value of `parallel` is the model, `model` replaces it. */
  #mergeNames(wrap: RemovedWrap): void {
    const template = this.#templateOf(wrap);
    const result = targetOf(wrap.call, this.#names)?.path;
    if (template === undefined || result === undefined) return;
    if ([template, result].some(({ variable }) => variable !== undefined && this.#renamed.has(variable))) return;
    const isCopyOfTemplate = (value: Node): boolean => this.#isCopyOf(value, template);
    const merged = mergedName(template, result, isCopyOfTemplate, this.#source, this.#names);
    if (merged === undefined) return;
    this.#renamed.set(merged.variable, template);
    for (const statement of merged.statements) this.#removed.remove(statement);
  }

  #removeWrap(wrap: RemovedWrap): void {
    const template = this.#templateOf(wrap);
    const target = targetOf(wrap.call, this.#names);
    const statement = target === undefined ? undefined : assignmentStatement(target.node);
    if (
      template !== undefined &&
      target?.path !== undefined &&
      isSamePath(template, target.path) &&
      statement !== undefined &&
      this.#isCopyOf(target.value, template)
    ) {
      // The statement would assign the model to itself.
      this.#removed.remove(statement);
      return;
    }
    if (template !== undefined) this.#mergeBranches(wrap, template);
    this.#keepOnlyModel(wrap);
  }

  #keepOnlyModel({ call, model }: RemovedWrap): void {
    const whole = this.#ternaryOfEqualValues(call, model) ?? call;
    const needsParentheses =
      model.type !== AST_NODE_TYPES.Identifier &&
      model.type !== AST_NODE_TYPES.CallExpression &&
      model.type !== AST_NODE_TYPES.MemberExpression &&
      (whole.parent.type === AST_NODE_TYPES.MemberExpression ||
        whole.parent.type === AST_NODE_TYPES.AwaitExpression ||
        whole.parent.type === AST_NODE_TYPES.TSAsExpression);
    this.#removed.addEdits(
      { start: whole.range[0], end: model.range[0], text: needsParentheses ? '(' : '' },
      { start: model.range[1], end: whole.range[1], text: needsParentheses ? ')' : '' },
    );
  }

  /** `if (…) a = multiGpuModel(b); else a = b;` becomes `a = b;`. */
  #mergeBranches({ call }: RemovedWrap, template: AccessPath): void {
    const node = targetOf(call, this.#names)?.node;
    const statement = node?.type === AST_NODE_TYPES.AssignmentExpression ? assignmentStatement(node) : undefined;
    const assignment = simpleAssignment(statement);
    if (statement === undefined || assignment === undefined) return;
    const branch = statement.parent.type === AST_NODE_TYPES.BlockStatement ? statement.parent : statement;
    const condition = branch.parent;
    if (condition.type !== AST_NODE_TYPES.IfStatement || condition.alternate === null) return;
    const otherBranch = condition.consequent === branch ? condition.alternate : condition.consequent;
    const otherAssignment = simpleAssignment(onlyStatement(otherBranch));
    if (onlyStatement(branch) !== statement || otherAssignment === undefined) return;
    const { text } = this.#source;
    const hasSameTarget = text.slice(...assignment.left.range) === text.slice(...otherAssignment.left.range);
    if (!hasSameTarget || !this.#isCopyOf(otherAssignment.right, template)) return;
    this.#removed.addEdits(
      { start: condition.range[0], end: statement.range[0], text: '' },
      { start: statement.range[1], end: condition.range[1], text: '' },
    );
  }

  /** The ternary around a wrap, if both of its values are the same model without the wrap. */
  #ternaryOfEqualValues(call: Node, model: Node): TSESTree.ConditionalExpression | undefined {
    const value = outermostWithValue(call);
    const { parent } = value;
    if (parent?.type !== AST_NODE_TYPES.ConditionalExpression || parent.test === value) return undefined;
    const other = parent.consequent === value ? parent.alternate : parent.consequent;
    const { text } = this.#source;
    return text.slice(...model.range) === text.slice(...other.range) ? parent : undefined;
  }

  #rename(variable: Variable, { text }: AccessPath): void {
    for (const { node } of usesOf(pathOfVariable(variable), this.#source, this.#names)) {
      if (this.#removed.isRemoved(node)) continue;
      const isShorthand = node.parent?.type === AST_NODE_TYPES.Property && node.parent.shorthand;
      const [start, end] = node.range;
      this.#removed.addEdits({ start, end, text: isShorthand ? `${variable.name}: ${text}` : text });
    }
  }

  /** Changes `let` to `const` if only removed statements assigned the variable again. */
  #makeConstant(variable: Variable): void {
    const declaration: Node | null | undefined = variable.defs[0]?.parent;
    if (declaration?.type !== AST_NODE_TYPES.VariableDeclaration || declaration.kind !== 'let') return;
    const [declarator, ...others] = declaration.declarations;
    if (declarator === undefined || others.length > 0 || declarator.init === null) return;
    const writes = this.#names
      .referencesTo(variable)
      .filter((reference) => reference.isWrite() && reference.init !== true);
    if (writes.length === 0 || !writes.every(({ identifier }) => this.#removed.isRemoved(identifier))) return;
    const [start] = declaration.range;
    this.#removed.addEdits({ start, end: start + 'let'.length, text: 'const' });
  }
}

function onlyStatement(branch: Node): Node | undefined {
  if (branch.type !== AST_NODE_TYPES.BlockStatement) return branch;
  return branch.body.length === 1 ? branch.body[0] : undefined;
}
