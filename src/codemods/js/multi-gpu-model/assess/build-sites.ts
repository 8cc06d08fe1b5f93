/**
 * Finds where the scope for a wrap must open: at the statement that builds its model, in the same function or, if the
 * model is a parameter, at each call of the function. Pure.
 */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Caller, Substitutions } from '../analyze/callers.js';
import type { StatementList } from '../analyze/statement-list.js';
import type { WrapCall } from '../find/multi-gpu-uses.js';
import type { WrapArguments } from '../find/wrap-arguments.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import {
  type FunctionNode,
  isFunction,
  isInside,
  isNullish,
  type Node,
  withoutAwait,
} from '../../syntax/syntax-tree.js';
import {
  type AccessPath,
  accessPathOf,
  isSamePath,
  type PathUse,
  plainVariable,
  usesOf,
} from '../analyze/access-path.js';
import { callersOf } from '../analyze/callers.js';
import { type Crossing, crossingsBetween } from '../analyze/crossings.js';
import { definitionKind } from '../analyze/definitions.js';
import { commonList, functionAround, indexIn, listAround, listAroundBranch } from '../analyze/statement-list.js';
import { targetOf } from '../analyze/value-target.js';

/** How many functions to follow when each passes its parameter to the next. */
const MAX_CALL_DEPTH = 3;
/** How many variables to follow when each has the value of the next. */
const MAX_ALIASES = 3;

/** One place where the model of a wrap is built. */
export interface BuildSite {
  readonly wrap: WrapCall;
  /** The wrap, or the call of the function that wraps its parameter. */
  readonly at: Node;
  readonly devices: Node | undefined;
  readonly substitutions: Substitutions;
  /** Where the model is stored; `undefined` if the argument builds it and nothing stores it. */
  readonly model: AccessPath | undefined;
  /** Other names of the same model. */
  readonly aliases: readonly AccessPath[];
  /** The list in which the scope opens; `undefined` if it opens around an expression. */
  readonly list: StatementList | undefined;
  /** The index of the first statement in the scope. */
  readonly first: number;
  /** What is between the wrap and the list, innermost first. */
  readonly crossings: readonly Crossing[];
  /** The call of a function that compiles the model, which belongs inside the scope. */
  readonly compilesAt: Node | undefined;
  /** The class whose other method wraps the model; then a field has to hold the strategy. */
  readonly sharedBy: TSESTree.ClassBody | undefined;
}

/** A wrap, seen from its own position or from a call of its function. */
interface WrapPosition {
  readonly wrap: WrapCall;
  readonly at: Node;
  readonly model: Node;
  readonly devices: Node | undefined;
  readonly substitutions: Substitutions;
  /** The crossings inside the functions that were followed. */
  readonly innerCrossings: readonly Crossing[];
  readonly compilesAt: Node | undefined;
  readonly callDepth: number;
}

export class BuildSiteFinder {
  readonly #source: JavaScriptSource;
  readonly #names: Names;
  /** Every wrap of the file: its value is the model that it wraps. */
  readonly #wraps: ReadonlySet<Node>;

  constructor(source: JavaScriptSource, names: Names, wraps: readonly WrapCall[]) {
    this.#source = source;
    this.#names = names;
    this.#wraps = new Set(wraps.map(({ call }) => call));
  }

  find(wrap: WrapCall, { model, devices }: WrapArguments): BuildSite[] | Refusal {
    return this.#sitesOf({
      wrap,
      at: wrap.call,
      model,
      devices,
      substitutions: new Map(),
      innerCrossings: [],
      compilesAt: undefined,
      callDepth: 0,
    });
  }

  #sitesOf(position: WrapPosition): BuildSite[] | Refusal {
    const expression = withoutAwait(position.model);
    const path = accessPathOf(expression, this.#names);
    if (path !== undefined) return this.#sitesOfPath(position, path, []);
    if (!isBuildingExpression(expression))
      return MULTI_GPU_REFUSALS.modelNotInView(this.#source.text.slice(...expression.range));
    return [this.#siteOfArgument(position)];
  }

  /** The argument itself builds the model. */
  #siteOfArgument(position: WrapPosition): BuildSite {
    const { at } = position;
    const surroundingFunction = functionAround(at);
    const target = targetOf(at, this.#names);
    const path = target?.path;
    const innermost = listAround(at);
    if (
      innermost === undefined ||
      !isInside(innermost.owner, surroundingFunction) ||
      hasNoStatementBefore(at, innermost)
    )
      return siteAt(position, { model: path, aliases: [], list: undefined, first: 0, crossings: [] });
    let list: StatementList = innermost;
    // An `if` may choose between the wrapped and the plain model: then the scope contains the whole `if`.
    while (path !== undefined && target?.node.type === AST_NODE_TYPES.AssignmentExpression) {
      const outer: StatementList | undefined = listAroundBranch(list)?.outer;
      if (outer === undefined || !isInside(outer.owner, surroundingFunction)) break;
      if (path.variable !== undefined && !isInside(outer.owner, path.variable.scope.block)) break;
      list = outer;
    }
    const crossings = crossingsBetween(at, list);
    return siteAt(position, { model: path, aliases: [], list, first: indexIn(list, at), crossings });
  }

  #sitesOfPath(position: WrapPosition, path: AccessPath, aliases: readonly AccessPath[]): BuildSite[] | Refusal {
    const notInView = MULTI_GPU_REFUSALS.modelNotInView(path.text);
    const variable = plainVariable(path);
    const kind = variable && definitionKind(variable);
    if (variable !== undefined && kind === 'parameter') return this.#sitesAtCallers(position, variable);
    if (kind === 'import') return notInView;
    const inOtherMethod = this.#siteInOtherMethod(position, path, aliases);
    if (inOtherMethod !== undefined) return [inOtherMethod];
    const writes = this.#buildingWrites(position, path);
    if (writes.length === 0) return notInView;
    const surroundingFunction = functionAround(position.at);
    for (const { node, written } of writes) {
      if (written === undefined || !isInside(surroundingFunction, functionAround(node))) return notInView;
      if (isBuildingExpression(written)) continue;
      const original = accessPathOf(withoutAwait(written), this.#names);
      if (original === undefined || writes.length > 1 || aliases.length >= MAX_ALIASES) return notInView;
      return this.#sitesOfPath(position, original, [...aliases, path]);
    }
    const list = commonList([...writes.map(({ node }) => node), position.at]);
    if (list === undefined) return notInView;
    const first = Math.min(...writes.map(({ node }) => indexIn(list, node)));
    return [siteAt(position, { model: path, aliases, list, first, crossings: crossingsBetween(position.at, list) })];
  }

  /** `this.model`, which one other method of the class builds, in one place. */
  #siteInOtherMethod(position: WrapPosition, path: AccessPath, aliases: readonly AccessPath[]): BuildSite | undefined {
    const wrapping = functionAround(position.at);
    if (path.owner?.type !== AST_NODE_TYPES.ClassBody || position.callDepth > 0 || !isFunction(wrapping))
      return undefined;
    const [build, ...others] = usesOf(path, this.#source, this.#names).filter(
      ({ isWrite, written }) =>
        isWrite && (written === undefined || !(isNullish(written) || this.#isWrapOf(written, path))),
    );
    if (build?.written === undefined || others.length > 0 || !isBuildingExpression(build.written)) return undefined;
    const building = functionAround(build.node);
    const list = listAround(build.node);
    if (building === wrapping || list === undefined || !isFunction(building) || !isMethodOf(building, path.owner))
      return undefined;
    const crossings = crossingsInside(wrapping, position.at);
    const around = [...crossingsInside(building, build.node), ...crossings];
    if (around.some(({ kind }) => kind !== 'condition')) return undefined;
    const result = targetOf(position.at, this.#names)?.path;
    const compiles = [path, ...(result === undefined ? [] : [result])]
      .flatMap((each) => usesOf(each, this.#source, this.#names))
      .filter(({ member }) => member === 'compile');
    if (compiles.some(({ call }) => call?.parent.type !== AST_NODE_TYPES.ExpressionStatement)) return undefined;
    const first = indexIn(list, build.node);
    return siteAt(position, { model: path, aliases, list, first, crossings, sharedBy: path.owner });
  }

  /** The writes that may assign the model of this wrap to the path: those since the previous wrap of the path. */
  #buildingWrites({ at }: WrapPosition, path: AccessPath): PathUse[] {
    const writes = usesOf(path, this.#source, this.#names).filter(
      ({ isWrite, node }) => isWrite && node.range[0] < at.range[0],
    );
    const lastWrap = writes.findLastIndex(({ written }) => written !== undefined && this.#isWrapOf(written, path));
    const own = writes.findIndex(({ written }) => written !== undefined && isInside(at, written));
    const end = own === -1 ? writes.length : own;
    const start = lastWrap < end && lastWrap !== own ? lastWrap + 1 : 0;
    return writes
      .slice(start, end)
      .filter(({ written }) => written === undefined || !(isNullish(written) || this.#isWrapOf(written, path)));
  }

  /** Whether a value is the wrapped path itself: `model = gpus > 1 ? multiGpuModel(model, gpus) : model`. */
  #isWrapOf(value: Node, path: AccessPath): boolean {
    const inner = withoutAwait(value);
    if (inner.type === AST_NODE_TYPES.ConditionalExpression)
      return this.#isWrapOf(inner.consequent, path) || this.#isWrapOf(inner.alternate, path);
    if (inner.type !== AST_NODE_TYPES.CallExpression || !this.#wraps.has(inner)) return false;
    const [argument] = inner.arguments;
    const wrapped = argument === undefined ? undefined : accessPathOf(withoutAwait(argument), this.#names);
    return wrapped !== undefined && isSamePath(wrapped, path);
  }

  #sitesAtCallers(position: WrapPosition, parameter: Variable): BuildSite[] | Refusal {
    const notInView = MULTI_GPU_REFUSALS.modelFromCallers(parameter.name);
    if (position.callDepth >= MAX_CALL_DEPTH) return notInView;
    const callers = callersOf(parameter, this.#source, this.#names);
    if (callers === undefined || callers.calls.length === 0) return notInView;
    const crossings = crossingsInside(callers.callee, position.at);
    if (crossings.some(({ kind }) => kind !== 'condition')) return notInView;
    const sites: BuildSite[] = [];
    for (const caller of callers.calls) {
      const found = this.#sitesOf(positionAtCaller(position, caller, crossings, callers.compiles));
      if (isRefusal(found)) return found;
      sites.push(...found);
    }
    return sites;
  }
}

function positionAtCaller(
  position: WrapPosition,
  { call, model, substitutions }: Caller,
  crossings: readonly Crossing[],
  compiles: boolean,
): WrapPosition {
  return {
    ...position,
    at: call,
    model,
    substitutions: new Map([...position.substitutions, ...substitutions]),
    innerCrossings: [...position.innerCrossings, ...crossings],
    compilesAt: compiles ? call : undefined,
    callDepth: position.callDepth + 1,
  };
}

function siteAt(
  { wrap, at, devices, substitutions, innerCrossings, compilesAt }: WrapPosition,
  found: Pick<BuildSite, 'model' | 'aliases' | 'list' | 'first' | 'crossings'> & Partial<Pick<BuildSite, 'sharedBy'>>,
): BuildSite {
  const crossings = [...innerCrossings, ...found.crossings];
  return { sharedBy: undefined, ...found, wrap, at, devices, substitutions, crossings, compilesAt };
}

/** What is between a node and the body of the function around it. */
function crossingsInside({ body }: FunctionNode, node: Node): Crossing[] {
  return body.type === AST_NODE_TYPES.BlockStatement
    ? crossingsBetween(node, { owner: body, statements: body.body })
    : [];
}

function isMethodOf({ parent }: FunctionNode, owner: TSESTree.ClassBody): boolean {
  return parent.type === AST_NODE_TYPES.MethodDefinition && parent.parent === owner && !parent.static;
}

/** Whether an expression may build a model: any call except `require`, and no read of a member or element. */
function isBuildingExpression(expression: Node): boolean {
  const inner = withoutAwait(expression);
  switch (inner.type) {
    case AST_NODE_TYPES.NewExpression:
      return true;
    case AST_NODE_TYPES.CallExpression:
      return !(inner.callee.type === AST_NODE_TYPES.Identifier && inner.callee.name === 'require');
    case AST_NODE_TYPES.ConditionalExpression:
      return isBuildingExpression(inner.consequent) && isBuildingExpression(inner.alternate);
    default:
      return false;
  }
}

/** Whether no statement can run just before a node: in a default value, a class field or an arrow's expression. */
function hasNoStatementBefore(node: Node, list: StatementList): boolean {
  for (let current = node; current !== list.owner && current.parent !== undefined; current = current.parent) {
    const { parent } = current;
    if (parent.type === AST_NODE_TYPES.PropertyDefinition) return true;
    if (parent.type === AST_NODE_TYPES.AssignmentPattern && parent.right === current) return true;
    if (
      parent.type === AST_NODE_TYPES.ArrowFunctionExpression &&
      parent.body === current &&
      current.type !== AST_NODE_TYPES.BlockStatement
    )
      return true;
  }
  return false;
}
