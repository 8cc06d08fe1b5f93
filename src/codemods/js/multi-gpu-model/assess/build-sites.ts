/**
 * Where the scope for one wrap has to open: at the statement that builds its model, in this
 * function or, when the model comes in as a parameter, at each call of the function. Pure.
 */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { WrapCall } from '../find/multi-gpu-uses.js';
import type { WrapArguments } from '../find/wrap-arguments.js';
import type { Substitutions } from './moved-expression.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { type Node, unwrap } from '../../syntax/syntax-tree.js';
import { isSamePlace, type Place, placeOf, type PlaceUse, usesOf } from '../analyze/access-path.js';
import { type Caller, callersOf } from '../analyze/callers.js';
import {
  commonList,
  functionAround,
  indexIn,
  isInside,
  listAround,
  type StatementList,
} from '../analyze/statement-list.js';
import { type Crossing, crossingsBetween, targetOf } from '../analyze/value-target.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

export interface Site {
  readonly wrap: WrapCall;
  /** The wrap, or the call of the function that wraps its parameter. */
  readonly at: Node;
  readonly devices: Node | undefined;
  readonly substitutions: Substitutions;
  /** Where the model is kept; `undefined` when it is built in the argument and not kept. */
  readonly model: Place | undefined;
  /** Other names of the same model. */
  readonly aliases: readonly Place[];
  /** Where the scope opens; `undefined` when it opens in the expression itself. */
  readonly list: StatementList | undefined;
  readonly first: number;
  /** What lies between the wrap and the list, from the inside out. */
  readonly crossings: readonly Crossing[];
  /** The call of a function that compiles the model: it belongs inside the scope. */
  readonly compilesAt: Node | undefined;
}

interface Request {
  readonly wrap: WrapCall;
  readonly at: Node;
  readonly model: Node;
  readonly devices: Node | undefined;
  readonly substitutions: Substitutions;
  readonly outer: readonly Crossing[];
  readonly compilesAt: Node | undefined;
  readonly depth: number;
}

export class SiteFinder {
  readonly #source: JavaScriptSource;
  readonly #names: Names;
  /** Calls whose result is their argument: every wrap of the file. */
  readonly #wraps: ReadonlySet<Node>;

  constructor(source: JavaScriptSource, names: Names, wraps: readonly WrapCall[]) {
    this.#source = source;
    this.#names = names;
    this.#wraps = new Set(wraps.map(({ call }) => call));
  }

  find(wrap: WrapCall, { model, devices }: WrapArguments): Site[] | Refusal {
    return this.#sites({
      wrap,
      at: wrap.call,
      model,
      devices,
      substitutions: new Map(),
      outer: [],
      compilesAt: undefined,
      depth: 0,
    });
  }

  #sites(request: Request): Site[] | Refusal {
    const expression = withoutAwait(request.model);
    const place = placeOf(expression, this.#names);
    if (place !== undefined) return this.#kept(request, place, []);
    if (!isBuilding(expression)) return notInView(this.#source.text.slice(...expression.range));
    return this.#inline(request);
  }

  /** The model is built in the argument itself. */
  #inline(request: Request): Site[] | Refusal {
    const { at } = request;
    const around = functionAround(at);
    const target = targetOf(at, this.#names);
    const { place } = target;
    let list = listAround(at);
    const isExpression = list === undefined || !isInside(list.owner, around) || isParameterOrField(at, list);
    if (isExpression) return [site(request, place, [], undefined, 0, [])];
    // An `if` that decides between the wrapped and the plain model: the scope goes round the whole of it.
    while (list !== undefined && place !== undefined && target.node?.type === AST_NODE_TYPES.AssignmentExpression) {
      const block = list.owner;
      const parent = block.parent;
      if (block.type !== AST_NODE_TYPES.BlockStatement || parent?.type !== AST_NODE_TYPES.IfStatement) break;
      const outer = listAround(parent);
      if (outer === undefined || !isInside(outer.owner, around)) break;
      if (place.variable !== undefined && !isInside(outer.owner, place.variable.scope.block as Node)) break;
      list = outer;
    }
    const crossings = crossingsBetween(at, list!);
    return [site(request, place, [], list, indexIn(list!, at), crossings)];
  }

  #kept(request: Request, place: Place, aliases: readonly Place[]): Site[] | Refusal {
    const definition = place.members.length === 0 ? place.variable?.defs[0] : undefined;
    if ((definition?.type as string) === 'Parameter') return this.#parameter(request, place.variable!);
    if ((definition?.type as string) === 'ImportBinding') return notInView(place.text);
    const writes = this.#buildingWrites(request, place);
    if (writes.length === 0) return notInView(place.text);
    const around = functionAround(request.at);
    for (const { node, written } of writes) {
      if (written === undefined) return notInView(place.text);
      if (!isInside(around, functionAround(node))) return notInView(place.text);
      if (!isBuilding(withoutAwait(written))) {
        const other = placeOf(withoutAwait(written), this.#names);
        if (other === undefined || writes.length > 1 || aliases.length > 2) return notInView(place.text);
        return this.#kept(request, other, [...aliases, place]);
      }
    }
    const list = commonList([...writes.map(({ node }) => node), request.at]);
    if (list === undefined) return notInView(place.text);
    const first = Math.min(...writes.map(({ node }) => indexIn(list, node)));
    return [site(request, place, aliases, list, first, crossingsBetween(request.at, list))];
  }

  /** The writes that give the place the model that is wrapped: those after the wrap before this one. */
  #buildingWrites(request: Request, place: Place): PlaceUse[] {
    const all = usesOf(place, this.#source, this.#names).filter(
      ({ isWrite, node }) => isWrite && node.range[0] < request.at.range[0],
    );
    let last = -1;
    all.forEach(({ written }, index) => {
      if (written !== undefined && this.#isWrapOf(written, place)) last = index;
    });
    const own = all.findIndex(({ written }) => written !== undefined && isInside(request.at, written));
    const upTo = own === -1 ? all.length : own;
    const before = all.slice(last < upTo && last !== own ? last + 1 : 0, upTo);
    return before.filter(
      ({ written }) => written === undefined || !(isNothing(written) || this.#isWrapOf(written, place)),
    );
  }

  /** Whether a value is the place again, wrapped: `model = gpus > 1 ? multiGpuModel(model, gpus) : model`. */
  #isWrapOf(value: Node, place: Place): boolean {
    const inner = withoutAwait(value);
    if (inner.type === AST_NODE_TYPES.ConditionalExpression) {
      return this.#isWrapOf(inner.consequent, place) || this.#isWrapOf(inner.alternate, place);
    }
    if (inner.type !== AST_NODE_TYPES.CallExpression || !this.#wraps.has(inner)) return false;
    const argument = inner.arguments[0];
    const other = argument === undefined ? undefined : placeOf(withoutAwait(argument), this.#names);
    return other !== undefined && isSamePlace(other, place);
  }

  #parameter(request: Request, parameter: Variable): Site[] | Refusal {
    const callers = request.depth > 2 ? undefined : callersOf(parameter, this.#source, this.#names);
    if (callers === undefined || callers.calls.length === 0) return notInView(parameter.name);
    const { body } = callers.callee;
    const list = body.type === AST_NODE_TYPES.BlockStatement ? { owner: body, statements: body.body } : undefined;
    const crossings = list === undefined ? [] : crossingsBetween(request.at, list);
    if (crossings.some(({ kind }) => kind !== 'condition')) return notInView(parameter.name);
    const sites: Site[] = [];
    for (const caller of callers.calls) {
      const found = this.#sites(this.#atCaller(request, caller, crossings, callers.compiles));
      if (isRefusal(found)) return found;
      sites.push(...found);
    }
    return sites;
  }

  #atCaller(request: Request, caller: Caller, crossings: readonly Crossing[], compiles: boolean): Request {
    // A value that came through a function before this one is written in the caller's own names.
    return {
      ...request,
      at: caller.call,
      model: caller.model,
      substitutions: new Map([...request.substitutions, ...caller.substitutions]),
      outer: [...request.outer, ...crossings],
      compilesAt: compiles ? caller.call : undefined,
      depth: request.depth + 1,
    };
  }
}

function site(
  { wrap, at, devices, substitutions, outer, compilesAt }: Request,
  model: Place | undefined,
  aliases: readonly Place[],
  list: StatementList | undefined,
  first: number,
  crossings: readonly Crossing[],
): Site {
  return {
    wrap,
    at,
    devices,
    substitutions,
    model,
    aliases,
    list,
    first,
    crossings: [...outer, ...crossings],
    compilesAt,
  };
}

/** Whether an expression makes a model, as far as can be seen: a call of something, not a look into a structure. */
function isBuilding(expression: Node): boolean {
  const inner = withoutAwait(expression);
  switch (inner.type) {
    case AST_NODE_TYPES.NewExpression:
      return true;
    case AST_NODE_TYPES.CallExpression:
      return !(inner.callee.type === AST_NODE_TYPES.Identifier && inner.callee.name === 'require');
    case AST_NODE_TYPES.ConditionalExpression:
      return isBuilding(inner.consequent) && isBuilding(inner.alternate);
    default:
      return false;
  }
}

/** `let model = null;` before the model is built. */
function isNothing(value: Node): boolean {
  if (value.type === AST_NODE_TYPES.Literal) return value.raw === 'null';
  return value.type === AST_NODE_TYPES.Identifier && value.name === 'undefined';
}

function withoutAwait(expression: Node): Node {
  let inner = unwrap(expression);
  while (inner.type === AST_NODE_TYPES.AwaitExpression) inner = unwrap(inner.argument);
  return inner;
}

/** Whether a node stands where no statement can be put before it: in a parameter's default or a class field. */
function isParameterOrField(node: Node, list: StatementList): boolean {
  for (
    let current: Node | undefined = node;
    current !== undefined && current !== list.owner;
    current = current.parent
  ) {
    const parent: Node | undefined = current.parent;
    if (parent?.type === AST_NODE_TYPES.PropertyDefinition) return true;
    if (
      parent?.type === AST_NODE_TYPES.ArrowFunctionExpression &&
      parent.body === current &&
      current.type !== AST_NODE_TYPES.BlockStatement
    )
      return true;
    if (parent?.type === AST_NODE_TYPES.AssignmentPattern && parent.right === current) return true;
  }
  return false;
}

function notInView(what: string): Refusal {
  const shown = what.replace(/\s+/g, ' ');
  return refuse(
    RefusalReason.ModelNotInView,
    `where ${shown.length > 40 ? 'its model' : shown} is built is not in view`,
  );
}
