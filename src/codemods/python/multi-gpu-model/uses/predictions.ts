/**
 * Whether what a model is handed to only predicts with it, in whatever file of the project that is: then nothing has to compile
 * the model in the scope of the strategy that it was built in.
 */
import type { MigrationContext } from '../../../migration.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonParser } from '../../syntax/parser.js';

import { assignmentOf, callArguments, enclosingFunction } from '../../analysis/statements.js';
import { isWrite, mentionsOf, reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { childByField, type PyNode } from '../../syntax/node.js';
import { followModel, type ModelPlace, parameterFor } from '../model/model-flow.js';
import { leavesForGood } from '../write/place-compiles.js';

import { type Definition, definitionsInProject } from './exported-origin.js';

/** Further than this from file to file a model is not followed. */
const MOST_FILES = 4;

/** What does not train, and is the same in the scope of a strategy as for the wrapped model. */
const HARMLESS =
  /^(predict|predict_generator|output|outputs|input|inputs|output_shape|input_shape|summary|save|save_weights|name)$/;

/** Functions of TensorFlow and Keras that write a model to a file. */
const WRITES = /^tensorflow\.(compat\.v[12]\.)?saved_model\.|(^|\.)(keras\.)?models\.save_model$/;

/** @param model The argument of the call that is the model. */
export function onlyPredicts(
  parser: PythonParser,
  context: MigrationContext,
  module: PythonModule,
  call: PyNode,
  model: PyNode,
  files = MOST_FILES,
): boolean {
  const callee = childByField(call, 'function');
  if (callee === undefined || files === 0) return false;
  if (module.origins.of(callee).some((origin) => WRITES.test(origin))) return true;
  const definitionsOf = (expression: PyNode): Definition[] => definitionsInProject(parser, context, module, expression);
  if (isSetModel(module, callee)) return isOfHarmlessCallback(module, callee, call, definitionsOf);
  const [definition, ...others] = definitionsOf(callee);
  if (definition === undefined || others.length > 0 || definition.node.type !== 'function_definition') return false;
  const place = parameterFor(definition.module, definition.node, callArguments(module.source, call), model, 0);
  if (place === undefined || callArguments(module.source, call).spread) return false;
  const there: MigrationContext = { ...context, absolutePath: definition.module.source.path };
  return followModel(definition.module, [place]).places.every((each) =>
    isHarmlessPlace(definition.module, each, (inner, argument) =>
      onlyPredicts(parser, there, definition.module, inner, argument, files - 1),
    ),
  );
}

/** What builds on a model or trains, whatever the names: `Model(m.input, …)`, `larger.fit(…)`, `getattr(m, 'fit')`. */
const TRAINS_SOMETHING =
  /\b(Model|Sequential|getattr)\s*\(|(?<!\bre)\.(compile|fit|fit_generator|train_on_batch|apply_gradients|minimize)\s*\(|\bGradientTape\b/;

function isHarmlessPlace(
  module: PythonModule,
  { variable, body }: ModelPlace,
  handedOn: (call: PyNode, model: PyNode) => boolean,
): boolean {
  if (TRAINS_SOMETHING.test(module.source.textOf(body))) return false;
  return mentionsOf(module, variable, body).every((mention) => {
    const { parent } = mention;
    if (isWrite(mention) || parent === undefined || parent.type === 'parameters') return true;
    if ((enclosingFunction(mention) ?? module.source.root) !== body) return false;
    if (parent.type === 'attribute' && mention.field === 'object')
      return HARMLESS.test(module.source.textOf(childByField(parent, 'attribute') ?? parent));
    if (parent.type === 'call' && mention.field === 'function') return true;
    const list = parent.type === 'keyword_argument' ? parent.parent : parent;
    const call = list?.type === 'argument_list' ? list.parent : undefined;
    return call?.type === 'call' && (!leavesForGood(module, call) || handedOn(call, mention));
  });
}

function isSetModel(module: PythonModule, callee: PyNode): boolean {
  const name = callee.type === 'attribute' ? childByField(callee, 'attribute') : undefined;
  return name !== undefined && module.source.textOf(name) === 'set_model';
}

/** `callback.set_model(model)`: the callback is Keras' own, or one of the project that only predicts. */
function isOfHarmlessCallback(
  module: PythonModule,
  callee: PyNode,
  call: PyNode,
  definitionsOf: (expression: PyNode) => Definition[],
): boolean {
  const object = childByField(callee, 'object');
  const variable = object === undefined ? undefined : variableOf(module, object);
  const made = variable === undefined ? [] : reachingDefinitions(module, variable, call);
  return (
    made.length > 0 &&
    made.every((statement) => {
      const right = assignmentOf(statement)?.right;
      const maker = right?.type === 'call' ? childByField(right, 'function') : undefined;
      if (maker === undefined) return false;
      if (module.origins.of(maker).some((origin) => /(^|\.)keras\.callbacks\.\w+$/.test(origin))) return true;
      const definitions = definitionsOf(maker);
      return (
        definitions.length > 0 &&
        definitions.every(({ module: home, node }) => isHarmlessCallback(home.source.textOf(node)))
      );
    })
  );
}

function isHarmlessCallback(text: string): boolean {
  const extendsKeras = /^class\s+\w+\s*\(\s*([\w.]+\.)?Callback\s*\)/.test(text);
  return (
    extendsKeras &&
    !/\bset_model\b/.test(text) &&
    [...text.matchAll(/\bself\s*\.\s*_?model\b(?:\s*\.\s*(\w+))?/g)].every(
      ([, use]) => use !== undefined && HARMLESS.test(use),
    )
  );
}
