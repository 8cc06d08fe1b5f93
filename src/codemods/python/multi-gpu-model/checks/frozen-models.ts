/**
 * Finds models that are frozen after their `compile` and trained afterwards, as the discriminator of a GAN is: Keras 2
 * trains them as they were compiled, Keras 3 as they are. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { ModelNames } from '../model/model-names.js';

import { assignmentOf, enclosingFunction, isLoop, statementOf } from '../../analysis/statements.js';
import { COMPILES, TRAINS } from '../../lifecycle/vocabulary-table.js';
import { childByField, closest, contains, type PyNode } from '../../syntax/node.js';

/** The statements that freeze a model, each with the text of the model. */
export function frozenModels(
  module: PythonModule,
  names: ModelNames,
): { readonly statement: PyNode; readonly model: string }[] {
  const flags = module.identifiersNamed('trainable').flatMap((node) => flagSet(module, node) ?? []);
  if (flags.length === 0) return [];
  const [compiles, trains] = [names.methodCalls(COMPILES), names.methodCalls(TRAINS)];
  return flags.flatMap(({ statement, model, freezes }) => {
    const name = names.nameOf(model);
    const isOf = (other: { readonly name: string }): boolean => other.name === name;
    const isThawed = flags.some((other) => !other.freezes && names.nameOf(other.model) === name);
    const compiled = compiles.filter(isOf);
    const isCompiledBefore = compiled.length > 0 && compiled.every(({ call }) => precedes(call, statement));
    const isTrainedLater = trains.some((each) => isOf(each) && mayFollow(each.call, statement));
    if (name === undefined || !freezes || isThawed || !isCompiledBefore || !isTrainedLater) return [];
    return [{ statement, model: module.source.textOf(model) }];
  });
}

/** `model.trainable = …`, or the same for each of `model.layers` in a loop. */
function flagSet(
  module: PythonModule,
  mention: PyNode,
): { readonly statement: PyNode; readonly model: PyNode; readonly freezes: boolean } | undefined {
  const statement = statementOf(mention);
  const assignment = assignmentOf(statement);
  const target = mention.parent;
  const object =
    target?.type === 'attribute' && mention.field === 'attribute' ? childByField(target, 'object') : undefined;
  if (assignment === undefined || object === undefined || assignment.left !== target) return undefined;
  const freezes = module.source.textOf(assignment.right) === 'False';
  const loop = closest(statement, isLoop);
  const [left, layers] = loop === undefined ? [] : [childByField(loop, 'left'), childByField(loop, 'right')];
  const isLayer = left !== undefined && module.source.textOf(left) === module.source.textOf(object);
  if (!isLayer) return { statement, model: object, freezes };
  const member = layers?.type === 'attribute' ? childByField(layers, 'attribute') : undefined;
  const model = layers === undefined ? undefined : childByField(layers, 'object');
  if (model === undefined || member === undefined || module.source.textOf(member) !== 'layers') return undefined;
  return { statement, model, freezes };
}

/** Whether a call runs before a statement of the same function. */
function precedes(call: PyNode, statement: PyNode): boolean {
  return enclosingFunction(call) === enclosingFunction(statement) && call.start < statement.start;
}

/** Whether a call may run after a statement: below it, in a loop with it, or in another function. */
function mayFollow(call: PyNode, statement: PyNode): boolean {
  return (
    !precedes(call, statement) ||
    closest(statement.parent, (node) => isLoop(node) && contains(node, call)) !== undefined
  );
}
