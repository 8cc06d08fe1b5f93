/** Checks that the file, or another one, shows where a model is compiled. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { Lifecycle } from '../model/lifecycle.js';
import type { Escape } from '../model/model-flow.js';

import { enclosingClass, enclosingFunction } from '../../analysis/statements.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { nameOf } from '../model/class-members.js';
import { passesModelOn } from '../model/passing-on.js';
import { attributeOf, isTrainedInOtherFiles } from '../uses/attribute-uses.js';
import { obstacleInOtherFiles } from '../uses/compiles.js';
import { onlyPredicts } from '../uses/predictions.js';

import { isTrainedOutsideClass } from './outside-training.js';

/** Refuses when this file does not compile the model, and no other file is known to compile it. */
export function checkCompiledInView(life: Lifecycle): Refusal | undefined {
  const { module, group, building, compiles, escapes } = life;
  const isCompiled =
    group.compileCalls.length > 0 ||
    (building?.compileCalls.length ?? 0) > 0 ||
    compiles.some(({ isRelative }) => !isRelative);
  if (isCompiled) return undefined;
  const unknown = escapes.find((escape) => passesModelOn(module, escape.node) && !isFollowed(life, escape));
  if (unknown !== undefined)
    return obstacleElsewhere(life, unknown) ?? refusalAt(module, REFUSALS.compiledNowhereInView, unknown.node);
  return checkNotTrainedOutside(life);
}

/** Whether other files are known to compile what escapes, or only to predict with it. */
function isFollowed({ module, context, building }: Lifecycle, { node, passed }: Escape): boolean {
  if (passed !== undefined) return onlyPredicts(context.context.project, module, node, passed);
  const definition = enclosingFunction(node);
  // Other files do not know the scope of a model that the callers of this function build.
  const isRemembered = building === undefined || building.owner !== undefined;
  return definition !== undefined && isRemembered && context.context.isCompiledInOtherFiles(nameOf(module, definition));
}

/** What a file that gets the model from this function does with it, so that it cannot be rewritten. */
function obstacleElsewhere({ module, context }: Lifecycle, { node, passed }: Escape): Refusal | undefined {
  const definition = passed === undefined ? enclosingFunction(node) : undefined;
  return definition && obstacleInOtherFiles(context.context.project, nameOf(module, definition));
}

/** Refuses when code outside the class compiles or trains an attribute that the class does not compile itself. */
function checkNotTrainedOutside({ module, context, firstNames }: Lifecycle): Refusal | undefined {
  for (const { variable, body } of firstNames) {
    const owner = enclosingClass(body);
    if (owner === undefined || !/^self\.\w+$/.test(variable.text)) continue;
    const attribute = variable.text.slice('self.'.length);
    const isTrained =
      isTrainedOutsideClass(module, owner, attribute) ||
      isTrainedInOtherFiles(
        context.context.project,
        attributeOf(module, owner, attribute),
        !context.runsInCallersScope,
      );
    if (isTrained) return REFUSALS.trainedOutsideClass(variable.text);
  }
  return undefined;
}
