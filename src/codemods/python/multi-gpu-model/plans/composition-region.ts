/**
 * The statements of a file that create objects, build larger models from them and compile these models: all of them
 * have to run inside one scope. Pure.
 */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { ProjectView } from '../model/constructions.js';

import { callsIn } from '../../analysis/calls.js';
import { enclosingFunction } from '../../analysis/statements.js';
import { reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { COMPILES, HOLDS_LAYERS, PREDICTS_ONE_BATCH, RUNS } from '../../lifecycle/vocabulary-table.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { contains, descendants, type PyNode } from '../../syntax/node.js';
import { pathInKeras } from '../find/legacy-api.js';
import { isMethod } from '../model/method-calls.js';

/** Whether a file compiles anything but a regular expression. */
export function compilesSomething(module: PythonModule | undefined): boolean {
  return (
    module !== undefined &&
    callsIn(module.source.root).some(
      ({ callee }) =>
        isMethod(module, callee, COMPILES) && !module.origins.of(callee).some((origin) => origin === 're.compile'),
    )
  );
}

/** Whether a file names an optimizer. */
function namesOptimizer(module: PythonModule | undefined): boolean {
  return (
    module?.source.nodes.some(
      (node) =>
        node.type === 'identifier' &&
        /optimi[sz]er|^(Adam|SGD|RMSprop|Adagrad|Nadam)$/i.test(module.source.textOf(node)),
    ) === true
  );
}

/**
 * The index of the first statement of the region. Objects, layers and models that are created earlier and become part
 * of the larger model belong to the region as well.
 *
 * @param module - The file.
 * @param view - What the callees of the file refer to.
 * @param statements - The statements of the block.
 * @param from - The index of the first object.
 * @param last - The index of the last statement of the region.
 * @returns An index into `statements`, at most `from`.
 */
export function firstOfRegion(
  module: PythonModule,
  view: ProjectView,
  statements: readonly PyNode[],
  from: number,
  last: number,
): number {
  let first = from;
  for (;;) {
    const region = first < 0 ? [] : statements.slice(first, last + 1);
    const earlier = earlierPart(module, view, statements, region, first);
    if (earlier === undefined) return first;
    first = earlier;
  }
}

/** The index of a statement above the region that creates a part which the region uses. */
function earlierPart(
  module: PythonModule,
  view: ProjectView,
  statements: readonly PyNode[],
  region: readonly PyNode[],
  first: number,
): number | undefined {
  for (const name of region.flatMap((statement) => [...descendants(statement)])) {
    const variable = name.type === 'identifier' && name.field !== 'attribute' ? variableOf(module, name) : undefined;
    if (variable === undefined) continue;
    for (const definition of reachingDefinitions(module, variable, name)) {
      const index = statements.findIndex((statement) => contains(statement, definition));
      if (index >= 0 && index < first && createsPart(module, view, definition)) return index;
    }
  }
  return undefined;
}

function createsPart(module: PythonModule, view: ProjectView, definition: PyNode): boolean {
  return callsIn(definition).some(({ callee }) => {
    if (
      module.origins
        .of(callee)
        .some((origin) =>
          /^(layers|models|engine|applications|optimizers|metrics|Model|Sequential|Input)\b/.test(
            pathInKeras(origin) ?? '',
          ),
        )
    )
      return true;
    const name = module.source.textOf(callee);
    if (namesOptimizer(view.moduleOf(callee))) return true;
    return (
      view.definedAs(callee) !== 'unknown' &&
      (/(^|\.)[A-Z]\w*$/.test(name) || /model|net|generator|discriminator|critic|encoder|decoder/i.test(name))
    );
  });
}

/** Refuses a region that trains a model, contains another strategy, or lacks one of the `compile` calls. */
export function checkRegion(
  module: PythonModule,
  view: ProjectView,
  region: readonly PyNode[],
  compiles: readonly PyNode[],
): Refusal | undefined {
  for (const compile of compiles) {
    const own = region.find((statement) => contains(statement, compile));
    if (own === undefined || enclosingFunction(compile) !== enclosingFunction(own))
      return REFUSALS.compiledApartFromObjects;
  }
  for (const { callee } of region.flatMap(callsIn)) {
    if (isMethod(module, callee, RUNS)) return REFUSALS.trainedBeforeLastCompile;
    if (view.classOf(callee) === undefined && view.definedAs(callee) === 'wraps') return REFUSALS.ownStrategyBetween;
  }
  return undefined;
}

/** Refuses code outside the region that may build or compile a larger model. */
export function checkOutsideRegion(
  module: PythonModule,
  view: ProjectView,
  region: readonly PyNode[],
): Refusal | undefined {
  for (const { call, callee } of callsIn(module.source.root)) {
    if (region.some((statement) => contains(statement, call))) continue;
    const isModel = module.origins
      .of(callee)
      .some((origin) => /(^|\.)(Model|Sequential)$/.test(pathInKeras(origin) ?? ''));
    if (isModel || compilesSomething(view.moduleOf(callee))) return REFUSALS.largerModelOutsideScope;
  }
  return undefined;
}

/** Refuses code that reads the layers of a multi-GPU model, or predicts with it batch by batch. */
export function checkNoLayerUses(module: PythonModule): Refusal | undefined {
  const names = [...HOLDS_LAYERS, ...PREDICTS_ONE_BATCH].flatMap((name) => module.identifiersNamed(name));
  const isOfModel = (name: PyNode): boolean =>
    name.field === 'attribute' && module.origins.of(name.parent ?? name).length === 0;
  const name = names.find(isOfModel);
  return name === undefined ? undefined : refusalAt(module, REFUSALS.otherLayers, name);
}
