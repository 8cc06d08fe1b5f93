/** Finds optimizers that train two models, of which current releases of Keras refuse the second. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { ModelNames } from '../model/model-names.js';

import { assignmentOf, calleeOf, statementOf } from '../../analysis/statements.js';
import { isWrite, mentionsOf, reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { COMPILES, TRAINS } from '../../lifecycle/vocabulary-table.js';
import { childByField, type PyNode } from '../../syntax/node.js';
import { valuesOf } from '../model/compile-arguments.js';

/** The mentions that give an optimizer to a second model, each with the text of the first one. */
export function sharedOptimizers(
  module: PythonModule,
  names: ModelNames,
): { readonly mention: PyNode; readonly first: string }[] {
  const compiles = names.methodCalls(COMPILES);
  if (compiles.length < 2) return [];
  const trained = new Set(names.methodCalls(TRAINS).map(({ name }) => name));
  const users = new Map<PyNode, { readonly name: string; readonly call: PyNode }>();
  return compiles
    .filter(({ name }) => trained.has(name))
    .flatMap(({ call, name }) =>
      valuesOf(module, call, 'optimizer').flatMap((mention) => {
        const created = creationOf(module, mention);
        const first = created === undefined ? undefined : users.get(created);
        if (created !== undefined && first === undefined) users.set(created, { name, call });
        return first === undefined || first.name === name ? [] : [{ mention, first: objectText(module, first.call) }];
      }),
    );
}

/** The one statement that creates the optimizer of a variable. */
function creationOf(module: PythonModule, mention: PyNode): PyNode | undefined {
  const variable = variableOf(module, mention);
  if (variable === undefined) return undefined;
  const reaching = reachingDefinitions(module, variable, mention);
  const writes = mentionsOf(module, variable, module.source.root).filter(isWrite);
  const [created, ...others] = reaching.length > 0 ? reaching : writes.map((write) => statementOf(write));
  const callee = created === undefined || others.length > 0 ? undefined : calleeOf(assignmentOf(created)?.right);
  const origins = callee === undefined ? [] : module.origins.of(callee);
  return origins.some((origin) => /(^|\.)optimizers\.|^tensorflow\.(\w+\.)*train\./.test(origin)) ? created : undefined;
}

function objectText(module: PythonModule, call: PyNode): string {
  const object = childByField(childByField(call, 'function') ?? call, 'object');
  return module.source.textOf(object ?? call);
}
