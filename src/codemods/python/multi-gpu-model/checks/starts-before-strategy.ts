/** Finds code that starts TensorFlow before the program creates a `MultiWorkerMirroredStrategy`. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { callsIn } from '../../analysis/calls.js';
import { enclosingFunction } from '../../analysis/statements.js';
import { childByField, closest, type PyNode } from '../../syntax/node.js';

import { TENSORFLOW_STARTS } from './tensorflow-starts-table.js';

/**
 * The text of the callee of the first such call. TensorFlow joins a cluster only as long as nothing has started it.
 *
 * @param module - The migrated file.
 * @returns Undefined when no such call of the file is known to run first. Calls of other functions are not followed.
 */
export function startBeforeStrategy(module: PythonModule): string | undefined {
  const { source } = module;
  const calls = callsIn(source.root);
  for (const { call: creation, callee } of calls) {
    if (!source.textOf(callee).endsWith('.MultiWorkerMirroredStrategy')) continue;
    const end = endOfModuleCode(module, creation);
    const own = enclosingFunction(creation);
    const runsBefore = (call: PyNode): boolean => {
      const around = enclosingFunction(call);
      return around === own ? call.start < creation.start : around === undefined && call.start < end;
    };
    const found = calls.find((other) => runsBefore(other.call) && startsTensorFlow(module, other.callee));
    if (found !== undefined) return source.textOf(found.callee);
  }
  return undefined;
}

/** Where the first use of the outermost definition around a node is: the code of the module up to it runs before. */
function endOfModuleCode(module: PythonModule, node: PyNode): number {
  const isDefinition = ({ type }: PyNode): boolean => type === 'function_definition' || type === 'class_definition';
  let outermost: PyNode | undefined;
  for (let each = closest(node, isDefinition); each !== undefined; each = closest(each.parent, isDefinition))
    outermost = each;
  const name = outermost === undefined ? undefined : childByField(outermost, 'name');
  if (outermost === undefined || name === undefined) return node.start;
  const { end } = outermost;
  const first = module.identifiersNamed(module.source.textOf(name)).find((each) => each.start >= end);
  return first?.start ?? module.source.text.length;
}

function startsTensorFlow(module: PythonModule, callee: PyNode): boolean {
  return module.origins.of(callee).some((origin) => TENSORFLOW_STARTS.some((start) => start.test(origin)));
}
