/** Decides whether code only creates an optimizer or a metric: then nobody can notice when it runs. Pure. */
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { callsIn } from '../../analysis/calls.js';
import { isPure } from '../../analysis/purity.js';
import { definitionsOf } from '../../project/follow-name.js';
import { childByField, descendants, type PyNode } from '../../syntax/node.js';
import { pathInKeras } from '../find/legacy-api.js';

/** Functions that call functions are followed so far. */
const MAX_DEPTH = 2;

const CREATED = /^(optimizers|metrics|losses)\b/;

/** Horovod counts processes, and wraps an optimizer. */
const HOROVOD = /^hvd\.(size|DistributedOptimizer)$/;

/** An exception is created to be raised, and a message is printed; both may come later. */
const HARMLESS = /^(print|\w*(Error|Exception))$/;

/** Expressions and statements that another one may notice. */
const NOTICEABLE =
  /^(with_statement|yield|await|global_statement|nonlocal_statement|delete_statement|named_expression|augmented_assignment)$/;

/** Whether evaluating an expression later changes nothing, as long as the names in it have the same values. */
export function onlyCreates(project: PythonProject, module: PythonModule, value: PyNode, depth = 0): boolean {
  return callsIn(value).every(({ call, callee }) => {
    const origins = module.origins.of(callee);
    const text = module.source.textOf(callee);
    const isPart = origins.some((origin) => CREATED.test(pathInKeras(origin) ?? '')) || HOROVOD.test(text);
    if (isPart || HARMLESS.test(text) || isPure(module, call)) return true;
    const [definition, ...others] = definitionsOf(project, module, callee);
    return (
      definition !== undefined && others.length === 0 && depth < MAX_DEPTH && isFactory(project, definition, depth)
    );
  });
}

/** Whether an expression only calls functions of the project that create nothing: they choose among functions, say. */
export function createsNothing(project: PythonProject, module: PythonModule, value: PyNode): boolean {
  return callsIn(value).every(({ callee }) => {
    const [definition, ...others] = definitionsOf(project, module, callee);
    if (definition?.node.type !== 'function_definition' || others.length > 0) return false;
    return callsIn(definition.node).every(({ call }) => isPure(definition.module, call));
  });
}

/** Whether a function only creates such objects and returns one. */
function isFactory(project: PythonProject, { module, node }: Definition, depth: number): boolean {
  const body = node.type === 'function_definition' ? childByField(node, 'body') : undefined;
  if (body === undefined || !onlyCreates(project, module, body, depth + 1)) return false;
  return [...descendants(body)].every((each) => {
    if (NOTICEABLE.test(each.type)) return false;
    return each.type !== 'assignment' || childByField(each, 'left')?.type === 'identifier';
  });
}
