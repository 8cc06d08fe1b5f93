/** Decides whether code trains any model, or builds one that may contain another. Pure. */
import type { PythonModule } from '../analysis/module.js';

import { childByField, descendants, namedChildren, type PyNode } from '../syntax/node.js';

import { APPLIES_GRADIENTS, COMPILES_OR_TRAINS } from './vocabulary-table.js';

/** Whether a node contains code that compiles or trains a model, or that builds one. */
export function trainsSomething(module: PythonModule, within: PyNode): boolean {
  for (const node of descendants(within)) if (node.type === 'call' && isTraining(module, node)) return true;
  return false;
}

function isTraining(module: PythonModule, call: PyNode): boolean {
  const callee = childByField(call, 'function');
  if (callee === undefined) return false;
  const member = callee.type === 'attribute' ? childByField(callee, 'attribute') : undefined;
  const name = module.source.textOf(member ?? callee);
  if (/^(Model|Sequential|GradientTape)$/.test(name)) return true;
  if (name === 'getattr') return looksTrainingUp(module, call);
  if (member === undefined || module.source.textOf(callee) === 're.compile') return false;
  return COMPILES_OR_TRAINS.has(name) || APPLIES_GRADIENTS.has(name);
}

/** `getattr(model, 'fit')`, or with a name that is not in view. */
function looksTrainingUp(module: PythonModule, call: PyNode): boolean {
  const [, name] = namedChildren(childByField(call, 'arguments') ?? call);
  if (name?.type !== 'string') return name !== undefined;
  return COMPILES_OR_TRAINS.has(module.source.textOf(name).replaceAll(/^[a-z]*['"]|['"]$/gi, ''));
}
