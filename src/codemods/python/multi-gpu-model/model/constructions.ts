/** Finds the calls that create objects of classes which wrap a model, and the GPUs that each call asks for. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';
import type { ComposedClass } from './composed-class.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { callsIn } from '../../analysis/calls.js';
import { callArguments } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';

/** What the callees of a file refer to in other files of the project. */
export interface ProjectView {
  /** The class, when it wraps a model. */
  readonly classOf: (callee: PyNode) => ComposedClass | undefined;
  /** Whether a callee is a class or function of the project, and whether it creates its own strategies. */
  readonly definedAs: (callee: PyNode) => 'unknown' | 'plain' | 'wraps';
  /** The file that defines a callee. */
  readonly moduleOf: (callee: PyNode) => PythonModule | undefined;
}

/** A call that creates an object of such a class. */
export interface Construction {
  readonly call: PyNode;
  readonly composed: ComposedClass;
}

/** The calls of a file that create objects of classes which wrap a model. */
export function constructionsIn(module: PythonModule, { classOf }: ProjectView): Construction[] {
  return callsIn(module.source.root).flatMap(({ call, callee }) => {
    const composed = classOf(callee);
    return composed === undefined ? [] : [{ call, composed }];
  });
}

/** The argument for the GPUs; undefined when the call leaves it to the default of the class. */
export function gpusArgument(module: PythonModule, { call, composed }: Construction): PyNode | Refusal | undefined {
  const { positional, keywords, spread } = callArguments(module.source, call);
  if (spread) return REFUSALS.spreadArgumentsTo(composed.name);
  return keywords.get(composed.parameter) ?? positional[composed.position];
}

/**
 * The constructions that may wrap a model: all but those with a literal number of GPUs for which the class does not.
 */
export function wrappingConstructions(
  module: PythonModule,
  constructions: readonly Construction[],
): Construction[] | Refusal {
  const found: Construction[] = [];
  for (const construction of constructions) {
    const given = gpusArgument(module, construction);
    if (isRefusal(given)) return given;
    if (wrapsFor(module, construction.composed, given)) found.push(construction);
  }
  return found;
}

function wrapsFor(module: PythonModule, composed: ComposedClass, given: PyNode | undefined): boolean {
  const value = given ?? composed.defaultValue;
  const text = value === undefined ? '' : (given === undefined ? composed.module : module).source.textOf(value);
  const comparison = /^\d+$/.test(text)
    ? /^(\d+) (<|<=|>|>=|==|!=) (\d+)$/.exec(composed.conditionFor(text) ?? '')
    : null;
  if (comparison === null) return true;
  const [, left, operator = '', right] = comparison;
  return COMPARE.get(operator)?.(Number(left), Number(right)) ?? true;
}

const COMPARE: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
  ['==', (a, b) => a === b],
  ['!=', (a, b) => a !== b],
]);
