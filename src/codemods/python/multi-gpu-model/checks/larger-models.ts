/** Larger models that other functions of the file build of a wrapped one, and compile where its scope is not known. */
import type { PythonModule } from '../../analysis/module.js';
import type { ModelPlace } from '../model/model-flow.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { enclosingClass } from '../../analysis/statements.js';
import { isWrite, mentionsOf } from '../../analysis/variables.js';
import { childByField, closest, descendants, type PyNode } from '../../syntax/node.js';
import { strategyScopeOf } from '../model/flatten.js';
import { Refusal } from '../refusal.js';

const BUILDS = /\b(Model|Sequential)\s*\(/;

/**
 * @param places Where the wrapped model goes, the function that wraps it left out.
 * @throws Refusal when a larger model of it is compiled there, or in another method that knows it by an attribute.
 */
export function checkNotComposed(module: PythonModule, places: readonly ModelPlace[]): void {
  for (const { variable, body } of places) {
    if (
      !BUILDS.test(module.source.textOf(body)) ||
      !mentionsOf(module, variable, body).some((mention) => isPart(module, mention))
    )
      continue;
    const models = places.map((place) => place.variable.text);
    const attributes = new Set(
      [...descendants(body)]
        .filter((node) => node.type === 'attribute' && isWrite(node))
        .map((node) => module.source.textOf(node)),
    );
    const isLarger = (object: PyNode): boolean =>
      !models.includes(module.source.textOf(object)) && module.source.textOf(object) !== 're';
    const here = compiledIn(module, body).some(isLarger);
    const owner = enclosingClass(body);
    const elsewhere =
      owner !== undefined &&
      compiledIn(module, owner).some((object) => isLarger(object) && attributes.has(module.source.textOf(object)));
    if (here || elsewhere)
      throw new Refusal(
        RefusalReason.CompileNotInView,
        `a larger model of “${variable.text}” is compiled in another function than the one that wraps`,
      );
  }
}

/** `model(x)`, `model.output`, `Model(x, model)`, `[model, …]`: what a larger model may be made of. */
function isPart(module: PythonModule, mention: PyNode): boolean {
  const { parent } = mention;
  if (parent === undefined) return false;
  if (parent.type === 'call' || parent.type === 'argument_list' || parent.type === 'list') return true;
  const use = parent.type === 'attribute' && mention.field === 'object' ? childByField(parent, 'attribute') : undefined;
  return use !== undefined && /^(inputs?|outputs?|layers|get_layer)$/.test(module.source.textOf(use));
}

/** What is compiled inside a node, outside of the scope of a strategy. */
function compiledIn(module: PythonModule, within: PyNode): PyNode[] {
  return [...descendants(within)].flatMap((node) => {
    const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
    const [object, member] =
      callee?.type === 'attribute' ? [childByField(callee, 'object'), childByField(callee, 'attribute')] : [];
    if (object === undefined || member === undefined || module.source.textOf(member) !== 'compile') return [];
    return closest(node, (candidate) => strategyScopeOf(module, candidate) !== undefined) === undefined ? [object] : [];
  });
}
