/**
 * Checks that the original and the multi-GPU model can become one model, and collects the edits that this needs. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { Lifecycle } from '../model/lifecycle.js';
import type { NamedModel } from '../model/named-model.js';
import type { Wrap, WrapGroup } from '../model/wrap-group.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { calleeOf, isLoop } from '../../analysis/statements.js';
import { definitionsReaching, mentionsOf, type Variable } from '../../analysis/variables.js';
import { PREDICTS_ONE_BATCH } from '../../lifecycle/vocabulary-table.js';
import { childByField, closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { EXPECTS_WRAPPED_MODEL } from '../callbacks/redirecting-callbacks.js';
import { methodCalls } from '../model/method-calls.js';
import { followModel, namesInCallers } from '../model/model-flow.js';
import { isInOtherArm } from '../model/other-arms.js';
import { type Building, buildsIn } from '../plans/building.js';

import { layerUses, type ModelUses } from './layer-uses.js';
import { predictAllAtOnce } from './one-batch-predictions.js';

/**
 * Reads every use of the models.
 *
 * @param life - Their lives.
 * @param replaceCallback - The edits of a callback that seems to expect the multi-GPU model; none when it can stay.
 * @returns A refusal when a use has no counterpart.
 */
export function checkModelUses(
  { module, group, body, building }: Lifecycle,
  replaceCallback: (callback: PyNode) => readonly TextEdit[] | Refusal,
): ModelUses | Refusal {
  const callbacks = replaceCallbacks(module, body, replaceCallback);
  if (isRefusal(callbacks)) return callbacks;
  const predictions = predictionsOf(module, group, body);
  if (isRefusal(predictions)) return predictions;
  const edits: TextEdit[] = [...callbacks, ...predictions];
  const weightFiles: PyNode[] = [];
  for (const wrap of group.wraps) {
    const uses = usesOfWrap(module, wrap, body, building);
    if (isRefusal(uses)) return uses;
    edits.push(...uses.edits);
    weightFiles.push(...uses.weightFiles);
  }
  return { edits: withoutRepetitions(edits), weightFiles };
}

/** One model can have several names, so that two of them lead to the same use. */
function withoutRepetitions(edits: readonly TextEdit[]): TextEdit[] {
  return edits.filter(
    ({ start, end, text }, index) =>
      edits.findIndex((other) => other.start === start && other.end === end && other.text === text) === index,
  );
}

function usesOfWrap(
  module: PythonModule,
  wrap: Wrap,
  body: PyNode,
  building: Building | undefined,
): ModelUses | Refusal {
  const { parallel, template, site } = wrap;
  const edits: TextEdit[] = [];
  const weightFiles: PyNode[] = [];
  if (parallel !== undefined) {
    const later = mentionsOf(module, parallel, body).filter(
      (mention) => mention.start >= site.statement.end && mayBeWrapped(module, parallel, mention, site.statement),
    );
    const uses = layerUses(module, later, template?.text ?? parallel.text);
    if (isRefusal(uses)) return uses;
    edits.push(...uses.edits);
    weightFiles.push(...uses.weightFiles);
  }
  for (const model of namesInOtherFunctions(module, wrap, body)) {
    const isAttribute = model.variable.text.includes('.');
    if (isAttribute && buildsIn(building, model.body) && model.variable.text === template?.text) continue;
    const isParameter = model.variable.root.writes.some((write) => write.kind === 'parameter');
    const isAmbiguous = isAttribute ? model.variable.text === template?.text : isParameter;
    const name = isAmbiguous ? undefined : model.variable.text;
    const uses = layerUses(module, mentionsOf(module, model.variable, model.body), name);
    if (isRefusal(uses)) return uses;
    edits.push(...uses.edits);
  }
  return { edits, weightFiles };
}

/**
 * Rewrites `predict_on_batch` on the original model, or on a model of the same layers: it predicts on one device now,
 * and on every replica once the scope builds it.
 */
function predictionsOf(
  module: PythonModule,
  { wraps, models, relatives }: WrapGroup,
  body: PyNode,
): TextEdit[] | Refusal {
  const edits: TextEdit[] = [];
  for (const call of methodCalls(module, [...models, ...relatives], body, PREDICTS_ONE_BATCH)) {
    const method = childByField(call, 'function');
    if (method === undefined || wraps.every(({ site }) => isInOtherArm(call, site.statement))) continue;
    const own = predictAllAtOnce(module, method);
    if (isRefusal(own)) return own;
    edits.push(...own);
  }
  return edits;
}

/**
 * Whether a mention may still refer to the multi-GPU model; not if another model has been assigned to the name since.
 */
function mayBeWrapped(module: PythonModule, parallel: Variable, mention: PyNode, wrap: PyNode): boolean {
  const { statements, complete } = definitionsReaching(module, parallel, mention);
  if (!complete || statements.includes(wrap)) return true;
  const loop = closest(mention, (node) => isLoop(node) && contains(node, wrap));
  return loop !== undefined && !statements.every((statement) => contains(loop, statement));
}

/** The names of the multi-GPU model in helpers, other methods and callers of this file. */
function namesInOtherFunctions(module: PythonModule, { site, parallel }: Wrap, body: PyNode): NamedModel[] {
  const starts = parallel === undefined ? [] : [{ variable: parallel, body }];
  if (site.form === 'returned') starts.push(...namesInCallers(module, site.statement, undefined, []));
  return followModel(module, starts, site.statement.end, [site.call]).models.filter((model) => model.body !== body);
}

/** Replaces imported callbacks whose names say that they expect the multi-GPU model. */
function replaceCallbacks(
  module: PythonModule,
  body: PyNode,
  replaceCallback: (callback: PyNode) => readonly TextEdit[] | Refusal,
): TextEdit[] | Refusal {
  const edits: TextEdit[] = [];
  for (const node of descendants(body)) {
    const callee = calleeOf(node);
    if (callee === undefined || !EXPECTS_WRAPPED_MODEL.test(module.source.textOf(callee))) continue;
    if (module.origins.of(callee).length === 0) continue;
    const own = replaceCallback(node);
    if (isRefusal(own)) return own;
    edits.push(...own);
  }
  return edits;
}
