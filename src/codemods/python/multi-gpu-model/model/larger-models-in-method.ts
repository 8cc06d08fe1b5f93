/** Finds the larger models that a method builds from a wrapped one, and compiles. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { Variable } from '../../analysis/variables.js';
import type { PyNode } from '../../syntax/node.js';
import type { NamedModel } from './named-model.js';

import { buildSlice } from './build-slice.js';
import { derivedModels, usesOtherObject, variablesAssignedBy } from './derived-models.js';
import { compilesOutsideScope } from './own-scope.js';

/** Larger models that share the layers of a wrapped one. */
export interface LargerModels {
  /** The function. */
  readonly body: PyNode;
  /** The wrapped model. */
  readonly part: Variable;
  readonly variables: readonly Variable[];
  /** The statements that build them. */
  readonly statements: readonly PyNode[];
  /** Their `compile` calls. */
  readonly calls: readonly PyNode[];
}

/** Reads what a method builds from a model and compiles itself; undefined when there is nothing of the kind. */
export function largerModelsIn(module: PythonModule, { variable, body }: NamedModel): LargerModels | undefined {
  const derived = derivedModels(module, [], [variable], body, body.start, body.end);
  const variables = variablesAssignedBy(module, derived, body);
  const compiled = variables.flatMap((larger) =>
    compilesOutsideScope(module, { variable: larger, body }).map((call) => ({ larger, call })),
  );
  const own = compiled.filter(({ call }) => !usesOtherObject(module, call, variables, new Set(derived)));
  if (own.length === 0) return undefined;
  const slices = own.flatMap(({ larger, call }) => {
    const ofPart = new Set(buildSlice(module, variable, call).statements);
    return buildSlice(module, larger, call).statements.filter((statement) => !ofPart.has(statement));
  });
  return {
    body,
    part: variable,
    variables,
    statements: [...new Set([...derived, ...slices])],
    calls: own.map(({ call }) => call),
  };
}
