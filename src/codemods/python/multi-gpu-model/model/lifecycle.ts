/**
 * The lives of the models that one function wraps: where they are built, under which names they get to other functions,
 * which of these compile them, and where they escape. Read once; rules and plans only ask. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';
import type { GroupContext } from '../plans/group-context.js';
import type { NamedModel } from './named-model.js';

import { enclosingClass } from '../../analysis/statements.js';
import { definitionsReaching, sameVariable } from '../../analysis/variables.js';
import { LOADS_WEIGHTS } from '../../lifecycle/vocabulary-table.js';
import { contains } from '../../syntax/node.js';
import { legacyCallIn } from '../find/wrappers.js';
import { type Building, buildsIn } from '../plans/building.js';

import { isEarlierModel } from './earlier-models.js';
import { type LargerModels, largerModelsIn } from './larger-models-in-method.js';
import { methodCalls } from './method-calls.js';
import { type Escape, followModel, type ModelFlow, namesInCallers } from './model-flow.js';
import { compilesOutsideScope } from './own-scope.js';
import { functionOrModule, type WrapGroup } from './wrap-group.js';

/** Everything that happens to the models of a group of wraps. */
export interface Lifecycle {
  readonly module: PythonModule;
  readonly context: GroupContext;
  readonly group: WrapGroup;
  /** The function that builds the models, if it is not the one that wraps them. */
  readonly building: Building | undefined;
  /** The function that wraps the models, or the module. */
  readonly body: PyNode;
  /** The names that the multi-GPU models get first. */
  readonly firstNames: readonly NamedModel[];
  /** All their names in the file. */
  readonly names: readonly NamedModel[];
  readonly escapes: readonly Escape[];
  /** What compiles them, or models that share their layers, in other functions. */
  readonly compiles: readonly CompiledElsewhere[];
  /** Larger models that other methods of the class build from them and compile. */
  readonly larger: readonly LargerModels[];
  /** Calls in other functions that load weights into them. */
  readonly weightFiles: readonly PyNode[];
}

/** The `compile` calls of a model under one name, outside the scope of any strategy. */
interface CompiledElsewhere {
  readonly model: NamedModel;
  readonly calls: readonly PyNode[];
  /** Whether the model only shares layers with a wrapped one. */
  readonly isRelative: boolean;
}

/** Follows the models of a group through the file. */
export function readLifecycle(
  module: PythonModule,
  group: WrapGroup,
  context: GroupContext,
  building: Building | undefined,
): Lifecycle {
  const body = functionOrModule(module, group.wraps[0]?.site.statement);
  const escapes: Escape[] = [];
  const firstNames = firstNamesOf(module, group, escapes, building);
  const wrapCalls = group.wraps.map(({ site }) => site.call);
  const follow = (start: readonly NamedModel[]): ModelFlow =>
    followModel(module, start, 0, wrapCalls, (mention, variable) => isEarlierModel(module, group, mention, variable));
  const flow = follow(firstNames);
  const known = new Set([...group.compileCalls, ...(building?.compileCalls ?? [])]);
  const isAmong = (known: readonly NamedModel[], model: NamedModel): boolean =>
    known.some((other) => other.body === model.body && sameVariable(other.variable, model.variable));
  const own = group.models.map((variable) => ({ variable, body }));
  const others = flow.models.filter((model) => !isAmong(own, model));
  // The original models are no multi-GPU models, but are compiled in their scope as well.
  const start = [...own, ...group.relatives.map((variable) => ({ variable, body }))];
  const relatives = follow(start).models.filter((model) => !isAmong([...start, ...flow.models], model));
  const compilesOf = (model: NamedModel, isRelative: boolean): CompiledElsewhere => ({
    model,
    calls: compilesOutsideScope(module, model).filter(
      (call) => !known.has(call) && (isRelative || !compilesOtherWrap(module, group, model, call)),
    ),
    isRelative,
  });
  return {
    module,
    context,
    group,
    building,
    body,
    firstNames,
    names: flow.models,
    escapes: [...escapes, ...flow.escapes],
    compiles: [
      ...others.map((model) => compilesOf(model, false)),
      ...relatives.map((model) => compilesOf(model, true)),
    ].filter(({ calls }) => calls.length > 0),
    larger: others
      .filter((model) => canHoldLarger(model, body, building))
      .flatMap((model) => largerModelsIn(module, model) ?? [])
      .filter(({ calls }) => !calls.some((call) => known.has(call))),
    weightFiles: others
      .filter((model) => building?.owner === undefined || !buildsIn(building, model.body))
      .flatMap((model) => methodCalls(module, [model.variable], model.body, LOADS_WEIGHTS)),
  };
}

/** Whether a larger model of a function can be built in the scope of the model that the function knows by a name. */
function canHoldLarger(model: NamedModel, body: PyNode, building: Building | undefined): boolean {
  if (building?.owner !== undefined)
    return enclosingClass(model.body) === building.owner && !buildsIn(building, model.body);
  return model.body !== body && !model.variable.text.includes('.');
}

function firstNamesOf(
  module: PythonModule,
  { wraps }: WrapGroup,
  escapes: Escape[],
  building: Building | undefined,
): NamedModel[] {
  return wraps.flatMap(({ site, parallel, template }) => {
    const body = functionOrModule(module, site.statement);
    if (site.form === 'returned') {
      const inCallers = namesInCallers(module, site.statement, undefined, escapes);
      return parallel === undefined ? inCallers : [{ variable: parallel, body }, ...inCallers];
    }
    // Both attributes of a class hold the one model.
    const variables = building?.owner === undefined ? [parallel ?? template] : [parallel, template];
    return variables.flatMap((variable) => (variable === undefined ? [] : [{ variable, body }]));
  });
}

/** Whether a function wraps a model of its own under the name, on every path to its `compile` call. */
function compilesOtherWrap(
  module: PythonModule,
  { wraps }: WrapGroup,
  { variable }: NamedModel,
  call: PyNode,
): boolean {
  const { statements, complete } = definitionsReaching(module, variable, call);
  return (
    complete &&
    statements.every((statement) => wraps.every(({ site }) => !contains(statement, site.call))) &&
    statements.some((statement) => legacyCallIn(module, statement) !== undefined)
  );
}
