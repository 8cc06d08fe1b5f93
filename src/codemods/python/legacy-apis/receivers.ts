/** Whether a value is a strategy, a Keras model or an optimizer, as far as names and origins can prove it. */
import type { PythonModule } from '../analysis/module.js';

import { assignmentOf } from '../analysis/statements.js';
import { isWrite, reachingDefinitions, variableOf } from '../analysis/variables.js';
import { keras } from '../multi-gpu-model/find/legacy-api.js';
import { childByField, closest, type PyNode } from '../syntax/node.js';

/** Method names that only strategies have; a class of the file that defines one itself is not meant. */
export function isStrategyMethod(module: PythonModule, use: PyNode): boolean {
  const name = attributeName(module, use);
  if (definesMethod(module, name)) return false;
  if (/^experimental_/.test(name) || name === 'make_dataset_iterator') return importsAny(module, /^tensorflow(\.|$)/);
  const object = childByField(use, 'object');
  return (
    object !== undefined && /strategy$/i.test(module.source.textOf(object)) && importsAny(module, /^tensorflow(\.|$)/)
  );
}

/** `*_generator` in a file that knows Keras and defines no such method itself. */
export function isModelMethod(module: PythonModule, use: PyNode): boolean {
  const isCalled = use.parent?.type === 'call' && use.field === 'function';
  if (!isCalled && !isStoredMethod(module, use)) return false;
  return !definesMethod(module, attributeName(module, use)) && importsAny(module, /^(keras|tf_keras|tensorflow)(\.|$)/);
}

/** `train = model.fit_generator`: not a member of an imported module, and not an attribute that the file sets itself. */
function isStoredMethod(module: PythonModule, use: PyNode): boolean {
  const object = childByField(use, 'object');
  if (object === undefined || module.origins.of(object).length > 0) return false;
  return module
    .identifiersNamed(attributeName(module, use))
    .every((name) => name.parent?.type !== 'attribute' || !isWrite(name.parent));
}

/** A value that was made by a Keras optimizer, or that Keras' own get_value and set_value are called on. */
export function isOptimizerValue(module: PythonModule, use: PyNode): boolean {
  const object = childByField(use, 'object');
  if (object === undefined) return false;
  const call = closest(use.parent, (node) => node.type === 'call');
  const callee = call === undefined ? undefined : childByField(call, 'function');
  if (
    callee !== undefined &&
    use.parent?.type === 'argument_list' &&
    /(^|\.)optimizer$/.test(module.source.textOf(object))
  ) {
    if (module.origins.of(callee).some((origin) => /^backend\.(get|set)_value$/.test(keras(origin) ?? ''))) return true;
  }
  const variable = variableOf(module, object);
  if (variable === undefined) return false;
  const definitions = reachingDefinitions(module, variable, use);
  return (
    definitions.length > 0 &&
    definitions.every((definition) => {
      const value = assignmentOf(definition)?.right;
      const made = value?.type === 'call' ? childByField(value, 'function') : undefined;
      return made !== undefined && module.origins.of(made).some((origin) => /^optimizers\./.test(keras(origin) ?? ''));
    })
  );
}

function attributeName(module: PythonModule, use: PyNode): string {
  const name = childByField(use, 'attribute');
  return name === undefined ? '' : module.source.textOf(name);
}

function definesMethod(module: PythonModule, name: string): boolean {
  return module
    .identifiersNamed(name)
    .some(({ parent, field }) => parent?.type === 'function_definition' && field === 'name');
}

function importsAny(module: PythonModule, pattern: RegExp): boolean {
  for (const node of module.source.nodes) {
    if (node.type !== 'import_statement' && node.type !== 'import_from_statement') continue;
    if (node.children.some((child) => pattern.test(module.source.textOf(child)))) return true;
    for (const child of node.children) {
      const name = child.type === 'aliased_import' ? childByField(child, 'name') : undefined;
      if (name !== undefined && pattern.test(module.source.textOf(name))) return true;
    }
  }
  return false;
}
