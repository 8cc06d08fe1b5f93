/**
 * Finds parts of a model that reach its builder through functions: layers that a function of the project makes and
 * returns, and models at the top level of a file that functions build on. Pure.
 */
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { callsIn } from '../../analysis/calls.js';
import { DefinitionSearch } from '../../analysis/definition-search.js';
import { assignmentOf, statementOf } from '../../analysis/statements.js';
import { variableOf } from '../../analysis/variables.js';
import { definedHere, definitionsOf } from '../../project/follow-name.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, contains, descendants, type PyNode } from '../../syntax/node.js';
import { pathInKeras } from '../find/legacy-api.js';

import { buildSlice, isModelPart } from './build-slice.js';

/** The classes and functions that a callee may refer to. */
type FindDefinitions = (callee: PyNode) => readonly Definition[];

/** Functions that call functions are followed so far. */
const MAX_DEPTH = 3;

/** Members of Keras that return a model with variables. */
const MAKES_MODEL = /^(models\.|applications\.|Model$|Sequential$)/;

/**
 * The statements that make what the builders of a model receive or build on.
 *
 * @param project - The project.
 * @param module - The file.
 * @param building - The statements that build the model.
 * @returns A refusal when a builder builds on a model that is made where the scope cannot be.
 */
export function suppliedParts(
  project: PythonProject,
  module: PythonModule,
  building: readonly PyNode[],
): PyNode[] | Refusal {
  const find: FindDefinitions = (callee) => definitionsOf(project, module, callee);
  const all = new Set(building);
  const search = new DefinitionSearch(module);
  for (const statement of all) {
    for (const supplier of suppliers(module, statement, search, find)) all.add(supplier);
    const shared = modelsBuiltOn(module, statement, find);
    if (isRefusal(shared)) return shared;
    for (const part of shared) all.add(part);
  }
  return [...all].filter((statement) => !building.includes(statement));
}

/** The statements whose calls make layers, and whose results a building statement uses. */
function suppliers(module: PythonModule, statement: PyNode, search: DefinitionSearch, find: FindDefinitions): PyNode[] {
  const value = assignmentOf(statement)?.right;
  const names = value === undefined ? [] : [...descendants(value)].filter(({ type }) => type === 'identifier');
  return names.flatMap((name) => {
    const variable = name.field === 'attribute' ? undefined : variableOf(module, name);
    if (variable === undefined || variable.root.scope !== module.scopes.functionScopeAt(statement)) return [];
    return search.find(variable, statement).filter((definition) => {
      const made = assignmentOf(definition)?.right;
      const callee = made?.type === 'call' ? childByField(made, 'function') : undefined;
      return callee !== undefined && find(callee).some((found) => makesLayers(found, 0));
    });
  });
}

function makesLayers(definition: Definition, depth: number): boolean {
  return callsIn(definition.node).some(
    ({ callee }) =>
      isModelPart(definition.module, callee) ||
      (depth < MAX_DEPTH &&
        definedHere(definition.module, callee).some(
          (inner) => !contains(inner.node, definition.node) && makesLayers(inner, depth + 1),
        )),
  );
}

/** The statements of the same block that make models which a called function builds on. */
function modelsBuiltOn(module: PythonModule, statement: PyNode, find: FindDefinitions): PyNode[] | Refusal {
  const found: PyNode[] = [];
  for (const { callee } of callsIn(statement)) {
    for (const definition of find(callee)) {
      for (const name of modelsReadIn(definition, 0)) {
        const variable = definition.module === module ? variableOf(module, name) : undefined;
        const isBuiltHere = module.scopes.functionScopeAt(statement) === module.scopes.module;
        const slice = variable === undefined || !isBuiltHere ? undefined : buildSlice(module, variable, statement);
        if (slice === undefined || slice.statements.length === 0)
          return REFUSALS.builtOnOutsidePart(definition.module.source.textOf(name));
        found.push(...slice.statements);
      }
    }
  }
  return found;
}

/** The names of models at the top level of its file that a function reads, itself or through others. */
function modelsReadIn({ module, node }: Definition, depth: number): PyNode[] {
  const own = [...descendants(node)].filter((name) => {
    const binding =
      name.type === 'identifier' && name.field !== 'attribute' ? module.scopes.bindingOf(name) : undefined;
    return (
      binding?.scope === module.scopes.module &&
      binding.writes.some(({ kind, site }) => kind === 'assignment' && makesModel(module, statementOf(site)))
    );
  });
  const inner = callsIn(node).flatMap(({ callee }) =>
    depth < MAX_DEPTH
      ? definedHere(module, callee).flatMap((called) =>
          contains(called.node, node) ? [] : modelsReadIn(called, depth + 1),
        )
      : [],
  );
  return [...own, ...inner];
}

function makesModel(module: PythonModule, statement: PyNode): boolean {
  const value = assignmentOf(statement)?.right;
  const callee = value?.type === 'call' ? childByField(value, 'function') : undefined;
  return (
    callee !== undefined && module.origins.of(callee).some((origin) => MAKES_MODEL.test(pathInKeras(origin) ?? ''))
  );
}
