/** Reads the scope of a strategy that the program itself enters around a wrap. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { NamedModel } from './named-model.js';

import {
  assignmentOf,
  blockOf,
  calleeOf,
  enclosingFunction,
  ownsItsLines,
  statementOf,
} from '../../analysis/statements.js';
import { definitionsReaching, reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { COMPILES } from '../../lifecycle/vocabulary-table.js';
import { childByField, closest, contains, descendants, type PyNode } from '../../syntax/node.js';

import { strategyScopeOf } from './flatten-device-scopes.js';
import { methodCalls } from './method-calls.js';

/** A `with strategy.scope():` statement of the program. */
export interface OwnScope {
  readonly statement: PyNode;
  /** The text that enters the scope. */
  readonly scope: string;
  /** The name of the strategy. */
  readonly strategy: string;
  /** The statement that creates the strategy. */
  readonly created: PyNode;
}

/** The statement around a node that enters the scope of any strategy. */
export function scopeAround(module: PythonModule, node: PyNode): PyNode | undefined {
  return closest(node, (candidate) => strategyScopeOf(module, candidate) !== undefined);
}

/**
 * The scope around a node; undefined unless a strategy in view, for one process or several, is created once and entered
 * by its name.
 */
export function ownScopeOf(module: PythonModule, node: PyNode): OwnScope | undefined {
  const statement = scopeAround(module, node);
  const call = statement === undefined ? undefined : strategyScopeOf(module, statement);
  const callee = call === undefined ? undefined : childByField(call, 'function');
  const object = callee === undefined ? undefined : childByField(callee, 'object');
  const variable = object?.type === 'identifier' ? variableOf(module, object) : undefined;
  if (statement === undefined || call === undefined || variable === undefined) return undefined;
  const { statements, complete } = definitionsReaching(module, variable, statement);
  const [created, ...others] = statements;
  const value = created === undefined ? undefined : assignmentOf(created)?.right;
  const constructor = calleeOf(value);
  if (created === undefined || others.length > 0 || !complete || constructor === undefined) return undefined;
  const isMirrored = module.origins
    .of(constructor)
    .some((origin) => /^tensorflow\.(\w+\.)*distribute\.(experimental\.)?(MultiWorker)?MirroredStrategy$/.test(origin));
  return isMirrored ? { statement, scope: module.source.textOf(call), strategy: variable.text, created } : undefined;
}

/** Whether the strategy can be created before a statement of its block: everything that it reads is known there. */
export function canCreateBefore(module: PythonModule, { created }: OwnScope, before: PyNode): boolean {
  if (created.end <= before.start) return true;
  const value = assignmentOf(created)?.right;
  if (value === undefined || !ownsItsLines(module.source, created)) return false;
  if (!contains(blockOf(created), before)) return false;
  return [...descendants(value)].every((node) => {
    const variable = node.type === 'identifier' && node.field !== 'attribute' ? variableOf(module, node) : undefined;
    return (
      variable === undefined ||
      reachingDefinitions(module, variable, created).every((definition) => definition.end <= before.start)
    );
  });
}

/** Whether a statement is inside the scope, or enters it. */
export function isInOwnScope({ statement }: OwnScope, node: PyNode): boolean {
  return closest(statementOf(node), (candidate) => candidate === statement) !== undefined;
}

/** The `compile` calls of a model in a function that are not inside the scope of a strategy yet. */
export function compilesOutsideScope(module: PythonModule, { variable, body }: NamedModel): PyNode[] {
  return methodCalls(module, [variable], body, COMPILES).filter(
    (call) => (enclosingFunction(call) ?? module.source.root) === body && scopeAround(module, call) === undefined,
  );
}
