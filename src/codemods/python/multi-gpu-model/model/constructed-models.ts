/** Follows `net.model` to the statement that constructs `net`, whose class builds the model. Pure. */
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { callsIn } from '../../analysis/calls.js';
import { assignmentOf, calleeOf } from '../../analysis/statements.js';
import { definitionsReaching, reachingDefinitions, type Variable, variableOf } from '../../analysis/variables.js';
import { COMPILES, OUTSIDE_SCOPE } from '../../lifecycle/vocabulary-table.js';
import { definitionsOf } from '../../project/follow-name.js';
import { childByField, type PyNode } from '../../syntax/node.js';
import { legacyCallIn } from '../find/wrappers.js';

import { attributeWrites, methodNamed, methodsOf } from './class-members.js';
import { isMethod } from './method-calls.js';

/**
 * The statements that construct the object in whose attribute the model is.
 *
 * @param project - The project.
 * @param module - The file.
 * @param model - The attribute, e.g. `net.model`.
 * @param at - Where it is wrapped.
 * @returns Undefined unless, on every path, a class in view builds the attribute when it is constructed.
 */
export function constructingStatements(
  project: PythonProject,
  module: PythonModule,
  model: Variable,
  at: PyNode,
): PyNode[] | undefined {
  const dot = model.text.lastIndexOf('.');
  const holder = { text: model.text.slice(0, Math.max(0, dot)), root: model.root };
  if (dot === -1 || holder.text === 'self') return undefined;
  const { statements, complete } = definitionsReaching(module, holder, at);
  const areInView = statements.every((statement) => {
    const value = assignmentOf(statement)?.right;
    const callee = calleeOf(value);
    const [definition, ...others] = callee === undefined ? [] : definitionsOf(project, module, callee);
    return definition !== undefined && others.length === 0 && buildsAttribute(definition, model.text.slice(dot + 1));
  });
  return complete && statements.length > 0 && areInView ? statements : undefined;
}

/**
 * The statements that construct the objects whose methods build a model: `maker = Maker()` above
 * `model = maker.build()`, because the constructor may build layers already.
 */
export function makersOf(project: PythonProject, module: PythonModule, building: readonly PyNode[]): PyNode[] {
  return building.flatMap((statement) => {
    const value = assignmentOf(statement)?.right;
    const method = calleeOf(value);
    const object = method?.type === 'attribute' ? childByField(method, 'object') : undefined;
    const maker = object?.type === 'identifier' ? variableOf(module, object) : undefined;
    if (maker === undefined || maker.root.scope !== module.scopes.functionScopeAt(statement)) return [];
    return reachingDefinitions(module, maker, statement).filter((definition) => {
      const made = assignmentOf(definition)?.right;
      const callee = calleeOf(made);
      const classes = callee === undefined ? [] : definitionsOf(project, module, callee);
      return classes.length > 0 && classes.every(({ node }) => node.type === 'class_definition');
    });
  });
}

/** Whether constructing a class builds an attribute, and the class leaves compiling it to its users. */
function buildsAttribute({ module, node }: Definition, attribute: string): boolean {
  if (node.type !== 'class_definition' || legacyCallIn(module, node) !== undefined) return false;
  const writes = attributeWrites(module, `self.${attribute}`, node);
  const constructor = methodNamed(module, node, '__init__');
  if (writes.length === 0 || constructor === undefined) return false;
  const uses = (method: PyNode, names: ReadonlySet<string>): boolean =>
    callsIn(method).some(({ callee }) => isMethod(module, callee, names));
  return (
    !uses(constructor, OUTSIDE_SCOPE) &&
    methodsOf(node).every((method) => method === constructor || !uses(method, COMPILES))
  );
}
