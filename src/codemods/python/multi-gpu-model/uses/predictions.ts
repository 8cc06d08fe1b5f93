/**
 * Decides whether a function that receives a model only predicts with it, in any file of the project: then nothing has
 * to compile the model inside its scope. Pure.
 */
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { NamedModel } from '../model/named-model.js';

import { assignmentOf, callArguments, calleeOf, enclosingFunction } from '../../analysis/statements.js';
import { isWrite, mentionsOf, reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { trainsSomething } from '../../lifecycle/trains-something.js';
import { ONLY_READS } from '../../lifecycle/vocabulary-table.js';
import { definitionsInProject } from '../../project/follow-name.js';
import { childByField, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { followModel } from '../model/model-flow.js';
import { parameterFor } from '../model/parameter-for.js';
import { passesModelOn } from '../model/passing-on.js';

/** A model is followed through this many files. */
const MAX_FILES = 4;

/** Functions of TensorFlow and Keras that write a model to a file. */
const WRITES = /^tensorflow\.(compat\.v[12]\.)?saved_model\.|(^|\.)(keras\.)?models\.save_model$/;

/**
 * Whether a call only predicts with a model.
 *
 * @param project - The project.
 * @param module - The file of the call.
 * @param call - The call.
 * @param model - The argument that is the model.
 * @param files - How many files to follow the model through.
 * @returns False when the call may train the model.
 */
export function onlyPredicts(
  project: PythonProject,
  module: PythonModule,
  call: PyNode,
  model: PyNode,
  files = MAX_FILES,
): boolean {
  const callee = childByField(call, 'function');
  if (callee === undefined || files === 0) return false;
  if (module.origins.of(callee).some((origin) => WRITES.test(origin))) return true;
  const definitionsOf = (expression: PyNode): Definition[] => definitionsInProject(project, module, expression);
  if (isSetModel(module, callee)) return isOfHarmlessCallback(module, callee, call, definitionsOf);
  const [definition, ...others] = definitionsOf(callee);
  if (definition === undefined || others.length > 0 || definition.node.type !== 'function_definition') return false;
  const parameter = parameterFor(definition.module, definition.node, callArguments(module.source, call), model, 0);
  if (parameter === undefined || callArguments(module.source, call).spread) return false;
  return followModel(definition.module, [parameter]).models.every((each) =>
    isOnlyPredictedWith(definition.module, each, (inner, argument) =>
      onlyPredicts(project, definition.module, inner, argument, files - 1),
    ),
  );
}

function isOnlyPredictedWith(
  module: PythonModule,
  { variable, body }: NamedModel,
  onlyPredictsIn: (call: PyNode, model: PyNode) => boolean,
): boolean {
  if (trainsSomething(module, body)) return false;
  return mentionsOf(module, variable, body).every((mention) => {
    const { parent } = mention;
    if (isWrite(mention) || parent === undefined || parent.type === 'parameters') return true;
    if ((enclosingFunction(mention) ?? module.source.root) !== body) return false;
    if (parent.type === 'attribute' && mention.field === 'object')
      return ONLY_READS.has(module.source.textOf(childByField(parent, 'attribute') ?? parent));
    if (parent.type === 'call' && mention.field === 'function') return true;
    const list = parent.type === 'keyword_argument' ? parent.parent : parent;
    const call = list?.type === 'argument_list' ? list.parent : undefined;
    return call?.type === 'call' && (!passesModelOn(module, call) || onlyPredictsIn(call, mention));
  });
}

function isSetModel(module: PythonModule, callee: PyNode): boolean {
  const name = callee.type === 'attribute' ? childByField(callee, 'attribute') : undefined;
  return name !== undefined && module.source.textOf(name) === 'set_model';
}

/** Whether `callback.set_model(model)` sets a callback of Keras, or one of the project that only predicts. */
function isOfHarmlessCallback(
  module: PythonModule,
  callee: PyNode,
  call: PyNode,
  definitionsOf: (expression: PyNode) => Definition[],
): boolean {
  const object = childByField(callee, 'object');
  const variable = object === undefined ? undefined : variableOf(module, object);
  const definitions = variable === undefined ? [] : reachingDefinitions(module, variable, call);
  return (
    definitions.length > 0 &&
    definitions.every((statement) => {
      const right = assignmentOf(statement)?.right;
      const constructor = calleeOf(right);
      if (constructor === undefined) return false;
      if (module.origins.of(constructor).some((origin) => /(^|\.)keras\.callbacks\.\w+$/.test(origin))) return true;
      const classes = definitionsOf(constructor);
      return classes.length > 0 && classes.every(isHarmlessCallback);
    })
  );
}

/** Whether a class extends only Keras' `Callback`, leaves `set_model` alone, and only reads its model. */
function isHarmlessCallback({ module: { source }, node }: Definition): boolean {
  const [base, ...otherBases] = namedChildren(childByField(node, 'superclasses') ?? node);
  if (base?.parent?.field !== 'superclasses' || otherBases.length > 0) return false;
  if (!/(^|\.)Callback$/.test(source.textOf(base))) return false;
  return [...descendants(node)].every((each) => {
    if (each.type === 'identifier') return source.textOf(each) !== 'set_model';
    if (each.type !== 'attribute' || !/^self\._?model$/.test(source.textOf(each))) return true;
    const use = each.parent?.type === 'attribute' ? childByField(each.parent, 'attribute') : undefined;
    return use !== undefined && ONLY_READS.has(source.textOf(use));
  });
}
