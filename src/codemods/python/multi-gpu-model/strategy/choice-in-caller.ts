/** Writes the strategy that a function asks for in terms of the arguments of one of its callers. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { isPure } from '../../analysis/purity.js';
import { statementsOf } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { descendants, type PyNode } from '../../syntax/node.js';

import { branchConditionsTo } from './conditions.js';
import { hoist } from './hoist.js';
import { mirroredStrategy } from './mirrored-strategy.js';
import { tensorFlowName } from './names.js';
import { type Choice, choiceUnder } from './strategy-choice.js';

/**
 * The strategy as it is written where the caller builds the model.
 *
 * @param module - The file.
 * @param site - The wrap in the function.
 * @param body - The body of the function.
 * @param givenArguments - The value of every parameter in the call.
 * @param before - The statement of the caller before which the strategy is created.
 * @returns A refusal when an expression cannot be evaluated there.
 */
export function choiceInCaller(
  module: PythonModule,
  site: WrapSite,
  body: PyNode,
  givenArguments: ReadonlyMap<string, PyNode>,
  before: PyNode,
): Choice | Refusal {
  const [entry] = statementsOf(body);
  const translate = (node: PyNode): string | Refusal =>
    entry === undefined ? REFUSALS.gpusUnknownAtBuild : translated(module, node, entry, givenArguments, before);
  const conditions = branchConditionsTo(site, body);
  if (isRefusal(conditions)) return conditions;
  const tensorflow = tensorFlowName(module, before);
  if (isRefusal(tensorflow)) return tensorflow;
  const gpus = site.gpus === undefined ? '' : translate(site.gpus);
  if (isRefusal(gpus)) return gpus;
  const value = mirroredStrategy(module, tensorflow.name, site.gpus, gpus);
  const condition = conditions.translated(translate);
  return isRefusal(condition) ? condition : choiceUnder(value, condition, tensorflow.name);
}

/** An expression of the function with the arguments of the call in place of the parameters. */
function translated(
  module: PythonModule,
  node: PyNode,
  entry: PyNode,
  givenArguments: ReadonlyMap<string, PyNode>,
  before: PyNode,
): string | Refusal {
  if (!isPure(module, node)) return REFUSALS.gpusUnknownAtBuild;
  const hoisted = hoist(module, node, entry, 'inline');
  if (isRefusal(hoisted)) return hoisted;
  for (const name of new Set([...descendants(node)].flatMap((part) => freeName(module, part)))) {
    if (!givenArguments.has(name) && isAssignedLater(module, name, before)) return REFUSALS.gpusUnknownAtBuild;
  }
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
