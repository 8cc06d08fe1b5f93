/**
 * Which runs of statements go into the scope: those that build, configure or compile the model, and
 * what lies harmlessly between them. The order of statements never changes. Pure.
 */
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Reduction } from './remove-wraps.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { memberName, type Node, walk } from '../../syntax/syntax-tree.js';
import { outermostWithValue, type Place, type PlaceUse, usesOf } from '../analyze/access-path.js';
import { partStatements } from '../analyze/model-parts.js';
import { flowOf, functionAround, isFunction, isInside, type StatementList } from '../analyze/statement-list.js';
import { BUILDING_METHODS, USING_METHODS } from '../api-table.js';
import { type Refusal, refuse } from '../refusal.js';

/** Statements `from` to `to` of a list that are wrapped together. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly isAsync: boolean;
  /** Names that the segment declares and that code after it uses, in order. */
  readonly escaping: readonly Variable[];
  /** The `return model;` that follows and goes inside. */
  readonly returned: TSESTree.ReturnStatement | undefined;
}

export interface ScopeRequest {
  readonly list: StatementList;
  readonly first: number;
  /** Every place of the models that are wrapped. */
  readonly places: readonly Place[];
  /** Calls that build or compile a model without naming a place. */
  readonly calls: readonly Node[];
  /** Declarations that move in front of the strategy. */
  readonly hoisted: readonly Node[];
}

export function planSegments(
  request: ScopeRequest,
  reduction: Reduction,
  source: JavaScriptSource,
  origins: Origins,
): Segment[] | Refusal {
  return new SegmentPlanner(request, reduction, source, origins).plan();
}

class SegmentPlanner {
  readonly #request: ScopeRequest;
  readonly #reduction: Reduction;
  readonly #source: JavaScriptSource;
  readonly #origins: Origins;
  readonly #uses: readonly PlaceUse[];
  readonly #parts: ReadonlySet<number>;

  constructor(request: ScopeRequest, reduction: Reduction, source: JavaScriptSource, origins: Origins) {
    this.#request = request;
    this.#reduction = reduction;
    this.#source = source;
    this.#origins = origins;
    this.#uses = request.places
      .flatMap((place) => usesOf(place, source, origins.names))
      .filter(({ node }) => !this.#isGone(node));
    this.#parts = partStatements(this.#uses, request.list, source, origins);
  }

  plan(): Segment[] | Refusal {
    const { list, first } = this.#request;
    const { statements } = list;
    const kinds = statements.map((statement, index) => (index < first ? 'before' : this.#kindOf(statement, index)));
    const impossible = kinds.indexOf('impossible');
    if (impossible !== -1)
      return refuse(
        RefusalReason.EvaluationOrder,
        'one statement both builds the model and leaves the function or waits for training',
      );
    const last = kinds.lastIndexOf('model');
    const ranges: { from: number; to: number }[] = [];
    let open: { from: number; to: number } | undefined;
    for (let index = first; index <= last; index++) {
      const kind = kinds[index];
      if (kind === 'model') {
        if (open === undefined) ranges.push((open = { from: index, to: index }));
        else open.to = index;
      } else if (kind === 'foreign' && this.#mustSplit(statements[index]!, statements[last]!)) {
        open = undefined;
      }
    }
    const segments: Segment[] = [];
    for (const range of ranges) {
      const segment = this.#segment(range);
      if ('refused' in segment) return segment;
      segments.push(segment);
    }
    return segments;
  }

  #kindOf(statement: TSESTree.Statement, index: number): 'model' | 'foreign' | 'gone' | 'impossible' {
    if (this.#reduction.removed.has(statement) || this.#request.hoisted.includes(statement)) return 'gone';
    const inside = this.#uses.filter(({ node }) => isInside(node, statement) && this.#runsHere(node, statement));
    const builds = inside.some(
      ({ isWrite, written }) => isWrite && written !== undefined && !this.#reduction.isPlainCopy(written),
    );
    const configures = inside.some(
      (use) => (use.call !== undefined && BUILDING_METHODS.has(use.member ?? '')) || isSetting(use.node),
    );
    const calls = this.#request.calls.some((call) => isInside(call, statement));
    if (!builds && !configures && !calls && !this.#parts.has(index)) return 'foreign';
    if (!this.#staysOutside(statement, true)) return 'model';
    if (statement.type === AST_NODE_TYPES.ReturnStatement) return 'foreign';
    return builds ? 'impossible' : 'foreign';
  }

  #staysOutside(statement: TSESTree.Statement, mayAwait: boolean): boolean {
    switch (statement.type) {
      case AST_NODE_TYPES.FunctionDeclaration:
      case AST_NODE_TYPES.ClassDeclaration:
      case AST_NODE_TYPES.ImportDeclaration:
      case AST_NODE_TYPES.ExportAllDeclaration:
      case AST_NODE_TYPES.ExportDefaultDeclaration:
        return true;
      case AST_NODE_TYPES.ExportNamedDeclaration:
        if (statement.declaration?.type !== AST_NODE_TYPES.VariableDeclaration) return true;
        break;
      default:
        if (statement.type.startsWith('TS')) return true;
    }
    const flow = flowOf(statement, this.#source.visitorKeys);
    if (flow.leaves || flow.yields || (flow.awaits && !mayAwait)) return true;
    const isUsed = this.#request.calls.some(
      (call) => isInside(call, statement) && USING_METHODS.has(memberReadOff(call) ?? ''),
    );
    return (
      isUsed ||
      this.#uses.some(
        ({ node, member, call }) => isInside(node, statement) && call !== undefined && USING_METHODS.has(member ?? ''),
      )
    );
  }

  /** Whether a statement between two of the model's has to stay out of the scope. */
  #mustSplit(statement: TSESTree.Statement, last: TSESTree.Statement): boolean {
    if (this.#staysOutside(statement, false)) return true;
    for (const variable of declaredIn(statement, this.#origins)) {
      const references = this.#origins.names.referencesTo(variable);
      if (
        references.some(
          ({ identifier }) => identifier.range[0] > last.range[1] || identifier.range[1] < statement.range[0],
        )
      )
        return true;
    }
    let isOpaque = false;
    walk(statement, this.#source.visitorKeys, (node) => {
      if (isFunction(node) || this.#reduction.removed.has(node)) return false;
      if (
        node.type === AST_NODE_TYPES.NewExpression ||
        (node.type === AST_NODE_TYPES.CallExpression && !this.#isHarmlessCall(node))
      )
        isOpaque = true;
      return undefined;
    });
    return isOpaque;
  }

  #isHarmlessCall({ callee }: TSESTree.CallExpression): boolean {
    if (callee.type !== AST_NODE_TYPES.MemberExpression) return false;
    if (callee.object.type === AST_NODE_TYPES.Identifier && callee.object.name === 'console') return true;
    return memberName(callee) === 'summary';
  }

  #segment({ from, to }: { from: number; to: number }): Segment | Refusal {
    const { list } = this.#request;
    const inside = list.statements
      .slice(from, to + 1)
      .filter((statement) => !this.#isGone(statement) && !this.#request.hoisted.includes(statement));
    const start = inside[0]!.range[0];
    const end = inside.at(-1)!.range[1];
    const outside = (node: Node): boolean => (node.range[0] < start || node.range[1] > end) && !this.#isGone(node);
    const escaping: Variable[] = [];
    for (const statement of inside) {
      for (const variable of declaredIn(statement, this.#origins)) {
        const nodes = this.#nodesMeaning(variable);
        const isExported = statement.type === AST_NODE_TYPES.ExportNamedDeclaration;
        if (!isExported && !nodes.some(({ node }) => outside(node))) continue;
        const isReassigned = nodes.some(({ node, isWrite }) => isWrite && outside(node));
        const isCaptured = nodes.some(
          ({ node }) => !outside(node) && functionAround(node) !== functionAround(statement),
        );
        if (isReassigned && isCaptured)
          return refuse(RefusalReason.EvaluationOrder, `${variable.name} is captured and given another value later`);
        escaping.push(variable);
      }
      if (this.#hidesVar(statement, outside))
        return refuse(
          RefusalReason.EvaluationOrder,
          'a var inside the block that builds the model is used outside of it',
        );
    }
    const [model] = this.#request.places;
    if (escaping.length === 0 && model?.variable !== undefined && model.members.length === 0) {
      // Nothing uses the model yet; it stays within reach all the same.
      if (inside.some((statement) => declaredIn(statement, this.#origins).includes(model.variable!)))
        escaping.push(model.variable);
    }
    const exported = inside.filter(({ type }) => type === AST_NODE_TYPES.ExportNamedDeclaration).length;
    if (exported > 0 && escaping.length > exported)
      return refuse(RefusalReason.EvaluationOrder, 'exported and other names are declared together with the model');
    const isAsync = inside.some((statement) => flowOf(statement, this.#source.visitorKeys).awaits);
    return { from, to, isAsync, escaping, returned: this.#returned(to, escaping, outside) };
  }

  /** `return model;` right after the segment, when nothing else there uses the model. */
  #returned(
    to: number,
    escaping: readonly Variable[],
    outside: (node: Node) => boolean,
  ): TSESTree.ReturnStatement | undefined {
    const [only] = escaping;
    if (only === undefined || escaping.length > 1) return undefined;
    const next = this.#request.list.statements.slice(to + 1).find((statement) => !this.#isGone(statement));
    if (next?.type !== AST_NODE_TYPES.ReturnStatement || next.argument === null) return undefined;
    const used = this.#nodesMeaning(only).filter(({ node }) => outside(node));
    const [use] = used;
    if (used.length !== 1 || use === undefined || !isInside(use.node, next)) return undefined;
    // `return model`, or `return multiGpuModel(model, 2)`, which becomes the same.
    const value = outermostWithValue(use.node);
    const { parent } = value;
    const isWrapped =
      parent?.type === AST_NODE_TYPES.CallExpression &&
      this.#reduction.isPlainCopy(parent) &&
      next.argument === outermostWithValue(parent);
    return next.argument === value || isWrapped ? next : undefined;
  }

  /** Every node that means a variable once the second names are gone. */
  #nodesMeaning(variable: Variable): { node: Node; isWrite: boolean }[] {
    const { names } = this.#origins;
    const nodes = names
      .referencesTo(variable)
      .map((reference) => ({ node: reference.identifier as Node, isWrite: reference.isWrite() }));
    for (const [renamed, place] of this.#reduction.renamed) {
      if (place.variable !== variable) continue;
      for (const reference of names.referencesTo(renamed))
        nodes.push({ node: reference.identifier as Node, isWrite: reference.isWrite() });
    }
    return nodes.filter(({ node }) => !this.#isGone(node));
  }

  #hidesVar(statement: TSESTree.Statement, outside: (node: Node) => boolean): boolean {
    let hides = false;
    if (statement.type === AST_NODE_TYPES.VariableDeclaration) return false;
    walk(statement, this.#source.visitorKeys, (node) => {
      if (isFunction(node)) return false;
      if (node.type !== AST_NODE_TYPES.VariableDeclaration || node.kind !== 'var') return undefined;
      for (const variable of declaredIn(node, this.#origins))
        if (this.#nodesMeaning(variable).some((each) => outside(each.node))) hides = true;
      return undefined;
    });
    return hides;
  }

  /** Whether code runs with its statement: not in a function that is kept for later. */
  #runsHere(node: Node, statement: Node): boolean {
    let current = functionAround(node);
    while (isInside(current, statement) && current !== statement) {
      if (!isFunction(current) || current.parent.type !== AST_NODE_TYPES.CallExpression) return false;
      current = functionAround(current);
    }
    return true;
  }

  #isGone(node: Node): boolean {
    for (let current: Node | undefined = node; current !== undefined; current = current.parent) {
      if (this.#reduction.removed.has(current)) return true;
    }
    return false;
  }
}

/** The variables that a statement declares in its own list. */
function declaredIn(statement: Node, { names }: Origins): Variable[] {
  const declaration = statement.type === AST_NODE_TYPES.ExportNamedDeclaration ? statement.declaration : statement;
  if (declaration?.type !== AST_NODE_TYPES.VariableDeclaration) return [];
  return declaration.declarations.flatMap((declarator) => names.declaredBy(declarator));
}

/** `fit` in `parallelize(model).fit(…)`. */
export function memberReadOff(call: Node): string | undefined {
  const value = outermostWithValue(call);
  const access = value.parent;
  return access?.type === AST_NODE_TYPES.MemberExpression && access.object === value ? memberName(access) : undefined;
}

/** `model.trainable = false`, `model.layers[0].trainable = false`. */
function isSetting(node: Node): boolean {
  let current = node;
  while (current.parent?.type === AST_NODE_TYPES.MemberExpression && current.parent.object === current)
    current = current.parent;
  return (
    current !== node && current.parent?.type === AST_NODE_TYPES.AssignmentExpression && current.parent.left === current
  );
}
