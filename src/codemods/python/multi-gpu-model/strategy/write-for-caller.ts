/** Writes the expressions of a function in terms of the arguments of one of its callers. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { WriteExpression } from './strategy-for-wraps.js';

import { isRefusal } from '../../../refusal.js';
import { isPure } from '../../analysis/purity.js';
import { statementsOf } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { descendants, type PyNode } from '../../syntax/node.js';

import { hoist } from './hoist.js';

/**
 * Writes expressions of the function as they are written where the caller builds the model.
 *
 * @param module - The file.
 * @param body - The body of the function.
 * @param givenArguments - The value of every parameter in the call.
 * @param before - The statement of the caller before which the strategy is created.
 * @returns A writer that refuses when an expression cannot be evaluated there.
 */
export function writeForCaller(
  module: PythonModule,
  body: PyNode,
  givenArguments: ReadonlyMap<string, PyNode>,
  before: PyNode,
): WriteExpression {
  const [entry] = statementsOf(body);
  return (node) => {
    if (entry === undefined || !isPure(module, node)) return REFUSALS.gpusUnknownAtBuild;
    const hoisted = hoist(module, node, entry, 'inline');
    if (isRefusal(hoisted)) return hoisted;
    if (readsLaterNames(module, node, before, givenArguments)) return REFUSALS.gpusUnknownAtBuild;
    let { text } = hoisted;
    for (const [name, value] of givenArguments) {
      const mentioned = new RegExp(`(?<![\\w.'"])${name}\\b`, 'g');
      if (!mentioned.test(text)) continue;
      const isInString = new RegExp(`(['"]).*\\b${name}\\b.*\\1`).test(text);
      if (!isPure(module, value) || isInString) return REFUSALS.gpusUnknownAtBuild;
      const given = hoist(module, value, before, 'inline');
      if (isRefusal(given)) return given;
      text = text.replaceAll(mentioned, () => (/^[\w.]+$/.test(given.text) ? given.text : `(${given.text})`));
    }
    return text;
  };
}

/**
 * Whether an expression of another function reads names of the module that may hold another value before the strategy
 * is created.
 */
export function readsLaterNames(
  module: PythonModule,
  expression: PyNode,
  before: PyNode,
  givenArguments: ReadonlyMap<string, PyNode> = new Map(),
): boolean {
  return [...descendants(expression)]
    .flatMap((part) => freeName(module, part))
    .some((name) => !givenArguments.has(name) && isAssignedLater(module, name, before));
}

/** Whether a module-level name may hold another value before the strategy is created. */
function isAssignedLater(module: PythonModule, name: string, before: PyNode): boolean {
  const binding = module.scopes.module.bindings.get(name);
  return (
    binding !== undefined &&
    (binding.writes.length !== 1 || binding.writes.some((write) => write.name.start > before.start))
  );
}

function freeName(module: PythonModule, node: PyNode): string[] {
  const isName =
    node.type === 'identifier' &&
    !(node.field === 'attribute' && node.parent?.type === 'attribute') &&
    node.field !== 'name';
  return isName ? [module.source.textOf(node)] : [];
}
