/** Finds the statements that build the model of one wrap. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { WrapSite } from '../find/wrap-site.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { assignmentOf, enclosingClass, isLoop, statementOf } from '../../analysis/statements.js';
import { definitionsReaching, mentionsOf, type Variable } from '../../analysis/variables.js';
import { CHANGES_MODEL } from '../../lifecycle/vocabulary-table.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, contains, descendants, type PyNode } from '../../syntax/node.js';
import { pathSeenFrom } from '../uses/attribute-uses.js';
import { callsOfFunction } from '../uses/calls-of-function.js';

import { attributeParts } from './attribute-parts.js';
import { buildSlice, partsUsed } from './build-slice.js';
import { attributeWrites } from './class-members.js';
import { constructingStatements, makersOf } from './constructed-models.js';
import { suppliedParts } from './supplied-parts.js';
import { functionOrModule, type Wrap } from './wrap-group.js';

/**
 * The statements of the function that build what a call wraps.
 *
 * @param project - The project.
 * @param module - The file.
 * @param wrap - The call with the names of its models.
 * @param isBuiltElsewhere - Whether another function is known to build it.
 * @returns A refusal when the function does not show how the model is built.
 */
export function buildingStatements(
  project: PythonProject,
  module: PythonModule,
  { site, template }: Wrap,
  isBuiltElsewhere: boolean,
): PyNode[] | Refusal {
  if (template === undefined) return builtInCall(module, site);
  const { statements: definitions, complete } = definitionsReaching(module, template, site.statement);
  const isAttribute = template.text.includes('.');
  const isParameter = template.root.writes.some((write) => write.kind === 'parameter');
  if (definitions.length > 0 && !complete && (isAttribute || isParameter))
    return REFUSALS.notBuiltOnEveryPath(template.text);
  if (definitions.length === 0) {
    const constructing = constructingStatements(project, module, template, site.statement);
    if (constructing !== undefined) return constructing;
    if (template.root.writes.some((write) => write.kind === 'for')) return REFUSALS.modelFromLoop(template.text);
    if (isBuiltElsewhere) return [];
    return isParameter && !isAttribute
      ? modelIsParameter(project, module, template.text, functionOrModule(module, site.call))
      : notBuiltInFunction(module, template.text, site.call);
  }
  const refusal = checkDefinitions(module, template, definitions);
  if (refusal !== undefined) return refusal;
  const found: PyNode[] = [];
  const { statements, parts } = buildSlice(module, template, site.statement);
  for (const statement of statements) {
    const attributes = attributeParts(module, statement, template);
    if (isRefusal(attributes)) return attributes;
    found.push(statement, ...attributes);
  }
  found.push(...makersOf(project, module, found));
  const start = Math.min(...statements.map((statement) => statement.start));
  const supplied = suppliedParts(project, module, found);
  if (isRefusal(supplied)) return supplied;
  const changing = changingStatements(module, parts, functionOrModule(module, site.statement));
  return [
    ...found,
    ...supplied,
    ...changing.filter((node) => node.start >= start && node.start <= site.statement.start),
  ];
}

/** The refusal of a model that the function is handed, with the first place in view that hands it over. */
function modelIsParameter(project: PythonProject, module: PythonModule, model: string, definition: PyNode): Refusal {
  const refusal = REFUSALS.modelIsParameter(model);
  const [call] = callsOfFunction(project, module, definition);
  if (call === undefined) return refusal;
  const file = call.module === module ? undefined : pathSeenFrom(module.source.path, call.module.source.path);
  return refusalAt(call.module, refusal, call.node, file);
}

/** The refusal of an attribute that another method of the class assigns, with the first place that does. */
function notBuiltInFunction(module: PythonModule, attribute: string, call: PyNode): Refusal {
  const refusal = REFUSALS.notBuiltInFunction(attribute);
  const owner = enclosingClass(call);
  const writes = owner === undefined ? [] : attributeWrites(module, attribute, owner);
  const write = writes.find((statement) => !contains(statement, call));
  return write === undefined ? refusal : refusalAt(module, refusal, write);
}

/** The statements of a function that call `add`, `load_weights` or another method which may create variables. */
export function changingStatements(module: PythonModule, parts: readonly Variable[], body: PyNode): PyNode[] {
  return parts.flatMap((part) =>
    mentionsOf(module, part, body)
      .filter((mention) => changesModel(module, mention))
      .map(statementOf),
  );
}

function builtInCall(module: PythonModule, site: WrapSite): PyNode[] | Refusal {
  if (site.model.type !== 'call') return REFUSALS.notBuiltInView(module.source.textOf(site.model));
  const found: PyNode[] = [site.statement];
  const parts = partsUsed(module, site.statement);
  for (const node of descendants(site.model)) {
    if (node.type !== 'identifier') continue;
    for (const part of parts) {
      if (part.node === node) found.push(...buildSlice(module, part.variable, site.statement).statements);
    }
  }
  return found;
}

function checkDefinitions(
  module: PythonModule,
  template: Variable,
  definitions: readonly PyNode[],
): Refusal | undefined {
  for (const definition of definitions) {
    if (isLoop(definition)) return REFUSALS.modelFromLoop(template.text);
    const value = assignmentOf(definition)?.right;
    if (value !== undefined && !buildsValue(module, value, definition))
      return REFUSALS.notBuiltWhereAssigned(template.text);
  }
  return undefined;
}

/** `model.add(...)`, `model.load_weights(...)` and other methods that may create variables. */
function changesModel(module: PythonModule, mention: PyNode): boolean {
  const attribute = mention.parent;
  if (attribute?.type !== 'attribute' || mention.field !== 'object' || attribute.parent?.type !== 'call') return false;
  const name = childByField(attribute, 'attribute');
  return name !== undefined && CHANGES_MODEL.has(module.source.textOf(name));
}

/** Whether an assignment builds its value, rather than taking it out of a collection or renaming it. */
export function buildsValue(module: PythonModule, value: PyNode, definition: PyNode): boolean {
  for (const node of descendants(value)) {
    if (node.type !== 'call') continue;
    const callee = childByField(node, 'function');
    const name = callee?.type === 'attribute' ? module.source.textOf(childByField(callee, 'attribute') ?? callee) : '';
    if (!/^(get|pop|items|values|keys)$/.test(name)) return true;
  }
  return partsUsed(module, definition).length > 0;
}
