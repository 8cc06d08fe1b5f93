/**
 * Chooses the statements that go into the scope: those that build, configure or compile the model, and harmless
 * statements between them. The order of statements never changes. Pure.
 */
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { WrapRemoval } from './remove-wraps.js';
import type { ScopeRequest, StatementKind } from './statement-kinds.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import { isFunction, isInside, type Node, outermostWithValue, walkInto } from '../../syntax/syntax-tree.js';
import { plainVariable } from '../analyze/access-path.js';
import { controlFlowOf } from '../analyze/control-flow.js';
import { functionAround } from '../analyze/statement-list.js';

import { declaredVariables, StatementKinds } from './statement-kinds.js';

/** The statements `from` to `to` of a list, which one call of `scope` runs. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** The statements that are neither removed nor hoisted. */
  readonly statements: readonly [TSESTree.Statement, ...TSESTree.Statement[]];
  readonly isAsync: boolean;
  /** Variables that the segment declares and that later code uses, in order. */
  readonly escaping: readonly Variable[];
  /** The `return model;` after the segment, if it moves inside. */
  readonly returned: TSESTree.ReturnStatement | undefined;
}

/** Plans the segments of one scope, or says why its statements cannot move into callbacks. */
export function planSegments(
  request: ScopeRequest,
  removal: WrapRemoval,
  source: JavaScriptSource,
  origins: Origins,
): Segment[] | Refusal {
  const { list, first } = request;
  const kinds = new StatementKinds(request, removal, source, origins);
  const kindOf = list.statements.map((statement, index): StatementKind =>
    index < first ? 'other' : kinds.kindOf(statement, index),
  );
  const impossible = list.statements[kindOf.indexOf('impossible')];
  if (impossible !== undefined) return MULTI_GPU_REFUSALS.buildsAndLeaves.at(impossible);
  const planner = new SegmentPlanner(request, removal, source, origins);
  const segments: Segment[] = [];
  for (const range of modelRanges(kindOf, list.statements, kinds)) {
    const segment = planner.segment(range);
    if (isRefusal(segment)) return segment;
    segments.push(segment);
  }
  return segments;
}

interface StatementRange {
  readonly from: number;
  to: number;
}

/** The ranges of statements about the model; a statement that must stay outside ends a range. */
function modelRanges(
  kindOf: readonly StatementKind[],
  statements: readonly TSESTree.Statement[],
  kinds: StatementKinds,
): StatementRange[] {
  const ranges: StatementRange[] = [];
  const last = kindOf.lastIndexOf('model');
  const lastStatement = statements[last];
  let open: StatementRange | undefined;
  for (const [index, statement] of statements.entries()) {
    if (index > last || lastStatement === undefined) break;
    if (kindOf[index] === 'model') {
      if (open === undefined) ranges.push((open = { from: index, to: index }));
      else open.to = index;
    } else if (open !== undefined && kindOf[index] === 'other' && kinds.mustStayOutside(statement, lastStatement)) {
      open = undefined;
    }
  }
  return ranges;
}

class SegmentPlanner {
  readonly #request: ScopeRequest;
  readonly #removal: WrapRemoval;
  readonly #source: JavaScriptSource;
  readonly #origins: Origins;

  constructor(request: ScopeRequest, removal: WrapRemoval, source: JavaScriptSource, origins: Origins) {
    this.#request = request;
    this.#removal = removal;
    this.#source = source;
    this.#origins = origins;
  }

  segment({ from, to }: StatementRange): Segment | Refusal {
    const { list, hoisted } = this.#request;
    const [first, ...rest] = list.statements
      .slice(from, to + 1)
      .filter((statement) => !this.#removal.isRemoved(statement) && !hoisted.includes(statement));
    if (first === undefined) throw new TypeError('A segment has at least one statement.');
    const statements = [first, ...rest] as const;
    const start = first.range[0];
    const end = (rest.at(-1) ?? first).range[1];
    const isOutside = (node: Node): boolean =>
      (node.range[0] < start || node.range[1] > end) && !this.#removal.isRemoved(node);
    const escaping = this.#escapingVariables(statements, isOutside);
    if (isRefusal(escaping)) return escaping;
    const exported = statements.filter(({ type }) => type === AST_NODE_TYPES.ExportNamedDeclaration).length;
    if (exported > 0 && escaping.length > exported) return MULTI_GPU_REFUSALS.mixedExports;
    const isAsync = statements.some((statement) => controlFlowOf(statement, this.#source.visitorKeys).awaits);
    return { from, to, statements, isAsync, escaping, returned: this.#returned(to, escaping, isOutside) };
  }

  #escapingVariables(
    statements: readonly TSESTree.Statement[],
    isOutside: (node: Node) => boolean,
  ): Variable[] | Refusal {
    const escaping: Variable[] = [];
    for (const statement of statements) {
      for (const variable of declaredVariables(statement, this.#origins)) {
        const uses = this.#usesMeaning(variable);
        const isExported = statement.type === AST_NODE_TYPES.ExportNamedDeclaration;
        if (!isExported && !uses.some(({ node }) => isOutside(node))) continue;
        const reassigned = uses.find(({ node, isWrite }) => isWrite && isOutside(node));
        const isCaptured = uses.some(
          ({ node }) => !isOutside(node) && functionAround(node) !== functionAround(statement),
        );
        if (reassigned !== undefined && isCaptured)
          return MULTI_GPU_REFUSALS.capturedAndReassigned(variable.name).at(reassigned.node);
        escaping.push(variable);
      }
      if (this.#hidesVar(statement, isOutside)) return MULTI_GPU_REFUSALS.varUsedOutside.at(statement);
    }
    const [path] = this.#request.paths;
    const model = plainVariable(path);
    // Keep the model accessible, even if no later code uses it yet.
    if (
      escaping.length === 0 &&
      model !== undefined &&
      statements.some((statement) => declaredVariables(statement, this.#origins).includes(model))
    )
      escaping.push(model);
    return escaping;
  }

  /** `return model;` right after the segment, if no other code outside uses the model. */
  #returned(
    to: number,
    escaping: readonly Variable[],
    isOutside: (node: Node) => boolean,
  ): TSESTree.ReturnStatement | undefined {
    const [model, ...others] = escaping;
    if (model === undefined || others.length > 0) return undefined;
    const next = this.#request.list.statements.slice(to + 1).find((statement) => !this.#removal.isRemoved(statement));
    if (next?.type !== AST_NODE_TYPES.ReturnStatement || next.argument === null) return undefined;
    const [use, ...otherUses] = this.#usesMeaning(model).filter(({ node }) => isOutside(node));
    if (use === undefined || otherUses.length > 0 || !isInside(use.node, next)) return undefined;
    // `return model`, or `return multiGpuModel(model, 2)`, which becomes the same.
    const value = outermostWithValue(use.node);
    const { parent } = value;
    const isWrapped =
      parent?.type === AST_NODE_TYPES.CallExpression &&
      this.#removal.isCopyOfModel(parent) &&
      next.argument === outermostWithValue(parent);
    return next.argument === value || isWrapped ? next : undefined;
  }

  /** Every node that means a variable after the names are merged. */
  #usesMeaning(variable: Variable): { node: Node; isWrite: boolean }[] {
    const replaced = [...this.#removal.renamed].filter(([, path]) => path.variable === variable);
    return [variable, ...replaced.map(([other]) => other)]
      .flatMap((each) => this.#origins.names.referencesTo(each))
      .map((reference) => ({ node: reference.identifier, isWrite: reference.isWrite() }))
      .filter(({ node }) => !this.#removal.isRemoved(node));
  }

  /** Whether code outside uses a `var` that a nested block of the statement declares. */
  #hidesVar(statement: TSESTree.Statement, isOutside: (node: Node) => boolean): boolean {
    if (statement.type === AST_NODE_TYPES.VariableDeclaration) return false;
    const declarations: Node[] = [];
    walkInto(statement, this.#source.visitorKeys, (node) => {
      if (node.type === AST_NODE_TYPES.VariableDeclaration && node.kind === 'var') declarations.push(node);
      return !isFunction(node);
    });
    return declarations
      .flatMap((declaration) => declaredVariables(declaration, this.#origins))
      .some((variable) => this.#usesMeaning(variable).some(({ node }) => isOutside(node)));
  }
}
