/**
 * Refuses a model whose `compile` receives an optimizer or a metric that a caller of its function creates: that is
 * outside the scope. Pure.
 */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { Reference } from '../../project/references.js';
import type { Lifecycle } from '../model/lifecycle.js';

import { assignmentOf, enclosingClass, enclosingFunction } from '../../analysis/statements.js';
import { reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, descendants, type PyNode } from '../../syntax/node.js';
import { attributeWrites } from '../model/class-members.js';
import { spreadIn, valuesOf } from '../model/compile-arguments.js';
import { createsObject } from '../model/compile-slice.js';
import { createsVariables } from '../model/creates-variables.js';
import { pathSeenFrom } from '../uses/attribute-uses.js';
import { callsOfFunction, handedOver } from '../uses/calls-of-function.js';

/** A value is followed through this many functions. */
const MAX_CALLERS = 3;

/** What `compile` takes that has variables. */
const PARTS = ['optimizer', 'metrics', 'weighted_metrics'] as const;

/** Whether an expression creates what a `compile` call takes. */
type IsCreating = (module: PythonModule, value: PyNode) => boolean;

/** Refuses when a caller creates what a `compile` call of the model gets through a parameter. */
export function checkHandedOver({
  module,
  group,
  building,
  compiles,
  larger,
  context: { context, runsInCallersScope },
}: Lifecycle): Refusal | undefined {
  // These callers are in the scope themselves.
  if (runsInCallersScope) return undefined;
  const calls = [...group.compileCalls, ...(building?.compileCalls ?? []), ...compiles.flatMap((each) => each.calls)];
  for (const call of [...calls, ...larger.flatMap((each) => each.calls)])
    for (const part of PARTS) {
      const isCreating: IsCreating = part === 'optimizer' ? createsObject : createsVariables;
      const parameters = [
        ...valuesOf(module, call, part).map((value) => ({ value, keyword: undefined })),
        ...spreadIn(call).flatMap(({ children }) => children.map((value) => ({ value, keyword: part }))),
      ];
      for (const { value, keyword } of parameters) {
        const created = createdByCaller(context.project, module, value, keyword, isCreating, MAX_CALLERS);
        if (created === undefined) continue;
        const { source } = created.module;
        return REFUSALS.createdByCaller({
          text: source.textOf(created.node),
          file: source === module.source ? undefined : pathSeenFrom(module.source.path, source.path),
          line: source.lineAt(created.node.start) + 1,
        });
      }
    }
  return undefined;
}

/** The argument of a caller that creates what a parameter gets, or what `**` collects under a keyword. */
function createdByCaller(
  project: PythonProject,
  module: PythonModule,
  parameter: PyNode,
  keyword: string | undefined,
  isCreating: IsCreating,
  depth: number,
): Reference | undefined {
  const definition =
    depth === 0 || parameter.type !== 'identifier' ? undefined : functionOfParameter(module, parameter);
  if (definition === undefined) return undefined;
  const name = module.source.textOf(parameter);
  for (const caller of callsOfFunction(project, module, definition)) {
    for (const node of handedOver(caller, module, definition, name, keyword)) {
      if (isCreated(caller.module, node, isCreating)) return { module: caller.module, node };
      const further = createdByCaller(project, caller.module, node, undefined, isCreating, depth - 1);
      if (further !== undefined) return further;
    }
  }
  return undefined;
}

/** The function that has a name as its parameter, and assigns nothing else to it before the name is read. */
function functionOfParameter(module: PythonModule, name: PyNode): PyNode | undefined {
  const variable = variableOf(module, name);
  const isParameter = variable?.root.writes.some(({ kind }) => kind === 'parameter') === true;
  return isParameter && reachingDefinitions(module, variable, name).length === 0 ? enclosingFunction(name) : undefined;
}

/** Whether an argument is an object that the caller creates, or that a name or an attribute holds. */
function isCreated(module: PythonModule, value: PyNode, isCreating: IsCreating): boolean {
  if (isCreating(module, value)) return true;
  return [...descendants(value)].some((node) => {
    const variable = node.type === 'identifier' || node.type === 'attribute' ? variableOf(module, node) : undefined;
    if (variable === undefined || node.field === 'attribute' || node.field === 'function') return false;
    const owner = node.type === 'attribute' ? enclosingClass(node) : undefined;
    const local = reachingDefinitions(module, variable, node);
    const assigned =
      owner === undefined || local.length > 0
        ? [...local, ...variable.root.writes.flatMap(({ kind, site }) => (kind === 'assignment' ? [site] : []))]
        : attributeWrites(module, variable.text, owner);
    return assigned.some((site) => {
      const right = assignmentOf(site)?.right ?? childByField(site, 'right');
      return right !== undefined && isCreating(module, right);
    });
  });
}
