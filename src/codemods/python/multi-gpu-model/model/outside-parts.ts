/**
 * Refuses a model that stands on layers which another function builds: they would stay outside the scope, and Keras
 * refuses a model whose variables belong to two strategies. Pure.
 */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';

import { assignmentOf } from '../../analysis/statements.js';
import { reachingDefinitions, type Variable, variableOf } from '../../analysis/variables.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { pathInKeras } from '../find/legacy-api.js';

import { partsUsed } from './build-slice.js';

/** Attributes of a model or layer that are symbolic tensors. */
const TENSORS = /^(input|inputs|output|outputs)$/;

/** Arguments of `Model` that are its outputs. */
const OUTPUTS = /^(1|outputs?)$/;

/** Arguments of `Model` that are its inputs or outputs. */
const ENDS = /^(0|1|inputs?|outputs?)$/;

/**
 * Checks the statements that build a model.
 *
 * @param module - The file.
 * @param building - The statements.
 * @param models - The wrapped models themselves; the plan decides elsewhere who builds them.
 * @returns A refusal that names the part.
 */
export function checkOutsideParts(
  module: PythonModule,
  building: ReadonlySet<PyNode>,
  models: readonly Variable[],
): Refusal | undefined {
  for (const statement of building) {
    const value = assignmentOf(statement)?.right;
    if (value === undefined) continue;
    for (const node of descendants(value)) {
      if (node.type !== 'identifier' || node.field === 'attribute' || node.field === 'name') continue;
      const variable = variableOf(module, node);
      if (variable === undefined || models.some(({ root }) => root === variable.root)) continue;
      if (isPart(module, node, statement) && isMadeOutside(module, node, variable, statement, building))
        return REFUSALS.builtOnOutsidePart(variable.text);
    }
  }
  return undefined;
}

/**
 * Whether the variable is a parameter, another function or the module assigns it, or a statement does that is not one
 * of those which build the model.
 */
function isMadeOutside(
  module: PythonModule,
  node: PyNode,
  variable: Variable,
  statement: PyNode,
  building: ReadonlySet<PyNode>,
): boolean {
  const { root } = variable;
  if (root.scope !== module.scopes.functionScopeAt(statement))
    return root.writes.length > 0 && root.writes.every(({ kind }) => kind === 'assignment');
  if (root.writes.length === 1 && root.writes[0]?.kind === 'parameter') return true;
  // A name that is used as it is may be a tensor; only a model has inputs, outputs and layers.
  if (node.parent?.type !== 'attribute') return false;
  const definitions = reachingDefinitions(module, variable, statement);
  return definitions.length > 0 && definitions.every((definition) => !building.has(definition));
}

/** Whether a mention is part of the model: `base(x)`, `Dense(1)(base.output)`, `Model(x, base)`. */
function isPart(module: PythonModule, node: PyNode, statement: PyNode): boolean {
  const { parent } = node;
  if (parent?.type === 'call' && node.field === 'function') return receivesOnePart(module, parent, statement);
  const attribute = parent?.type === 'attribute' && node.field === 'object' ? chainOf(parent) : undefined;
  const name = attribute === undefined ? undefined : childByField(attribute, 'attribute');
  if (name !== undefined && !TENSORS.test(module.source.textOf(name))) return false;
  if (attribute !== undefined && isOfLayer(module, attribute)) return true;
  const received = callThatReceives(attribute ?? node);
  const callee = received === undefined ? undefined : childByField(received.call, 'function');
  if (received === undefined || callee === undefined) return false;
  if (attribute !== undefined && callee.type === 'call') return true;
  const isModel = module.origins.of(callee).some((origin) => /(^|\.)Model$/.test(pathInKeras(origin) ?? ''));
  return isModel && (attribute === undefined ? OUTPUTS : ENDS).test(roleOf(module, received));
}

/** The whole of `base.get_layer('x').output`, from its first attribute. */
function chainOf(attribute: PyNode): PyNode {
  let chain = attribute;
  for (let node = attribute; node.parent !== undefined; node = node.parent) {
    const { type } = node.parent;
    const isCalled = type === 'call' && node.field === 'function';
    const isIndexed = type === 'subscript' && node.field === 'value';
    if (!isCalled && !isIndexed && !(type === 'attribute' && node.field === 'object')) break;
    if (type === 'attribute') chain = node.parent;
  }
  return chain;
}

/** `base.get_layer('x').output`, `base.layers[-2].output`: nothing but a model has these. */
function isOfLayer(module: PythonModule, chain: PyNode): boolean {
  return /\.(get_layer\s*\([^()]*\)|layers\s*\[[^\]]*\])\s*\.\s*\w+$/.test(module.source.textOf(chain));
}

/** `base(x)` with one symbolic tensor; a function that builds usually takes more, or none. */
function receivesOnePart(module: PythonModule, call: PyNode, statement: PyNode): boolean {
  const list = childByField(call, 'arguments');
  const [only, ...others] = list === undefined ? [] : namedChildren(list);
  return (
    only?.type === 'identifier' && others.length === 0 && partsUsed(module, statement).some(({ node }) => node === only)
  );
}

/** A call, and the argument of it that contains the part. */
interface Received {
  readonly call: PyNode;
  readonly argument: PyNode;
}

function callThatReceives(part: PyNode): Received | undefined {
  let argument = part;
  while (argument.parent !== undefined && /^(list|tuple|keyword_argument)$/.test(argument.parent.type))
    argument = argument.parent;
  const call = argument.parent?.type === 'argument_list' ? argument.parent.parent : undefined;
  return call?.type === 'call' ? { call, argument } : undefined;
}

/** The keyword of an argument, or its position. */
function roleOf(module: PythonModule, { call, argument }: Received): string {
  const name = argument.type === 'keyword_argument' ? childByField(argument, 'name') : undefined;
  if (name !== undefined) return module.source.textOf(name);
  const list = childByField(call, 'arguments');
  return String(list === undefined ? -1 : namedChildren(list).indexOf(argument));
}
