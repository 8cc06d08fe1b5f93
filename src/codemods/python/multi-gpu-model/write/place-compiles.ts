/**
 * Moves `compile` calls into the scope in which the model was built, which the model itself remembers. Collects edits.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { NamedModel } from '../model/named-model.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { assignmentOf, commonBlock, isBlock, statementOf } from '../../analysis/statements.js';
import { isWrite, reachingDefinitions, type Variable } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { descendants, type PyNode } from '../../syntax/node.js';
import { compileSlice } from '../model/compile-slice.js';

import { enterFrame } from './scope-frame.js';

/**
 * Moves the `compile` calls of one function.
 *
 * @param module - The file.
 * @param editor - Collects the edits.
 * @param model - The name of the model in this function.
 * @param calls - The `compile` calls.
 * @param builtAs - The names of the model where it is built. An attribute of such a name is available before a local
 * name.
 * @returns A refusal when the optimizer is created before the model is available.
 */
export function placeCompiles(
  module: PythonModule,
  editor: LineEditor,
  model: NamedModel,
  calls: readonly PyNode[],
  builtAs: readonly Variable[] = [],
): Refusal | undefined {
  const { variable } = model;
  const scopeStatements = new Set<PyNode>();
  let modelName = variable.text;
  for (const call of calls) {
    scopeStatements.add(statementOf(call));
    const definitions = reachingDefinitions(module, variable, call);
    const creating = compileSlice(module, call);
    if (isRefusal(creating)) return creating;
    if (creating.some((statement) => definitions.some((definition) => statement.start < definition.end))) {
      const attribute = attributeBehind(module, model, call, builtAs);
      if (attribute === undefined) return refusalAt(module, REFUSALS.optimizerBeforeModel, creating[0] ?? call);
      modelName = attribute;
    }
    for (const statement of creating) scopeStatements.add(statement);
  }
  const block = commonBlock([...scopeStatements], isBlock);
  if (block === undefined) return undefined;
  return enterFrame(module, editor, {
    block,
    inside: scopeStatements,
    models: [variable],
    scope: `${modelName}.distribute_strategy.scope()`,
  });
}

/**
 * The attribute that a local name refers to in a function that does not assign the attribute: `m = self.model`, or one
 * of several attributes that now hold the same model.
 */
function attributeBehind(
  module: PythonModule,
  { variable, body }: NamedModel,
  call: PyNode,
  builtAs: readonly Variable[],
): string | undefined {
  const [template] = builtAs;
  if (template === undefined || !template.text.startsWith('self.') || variable.text.includes('.')) return undefined;
  const texts = reachingDefinitions(module, variable, call).map((definition) =>
    module.source.textOf(assignmentOf(definition)?.right ?? definition),
  );
  const isKnown = texts.includes(template.text) && texts.every((text) => builtAs.some((model) => model.text === text));
  const isAssigned = [...descendants(body)].some(
    (node) => node.type === 'attribute' && module.source.textOf(node) === template.text && isWrite(node),
  );
  return isKnown && !isAssigned ? template.text : undefined;
}
