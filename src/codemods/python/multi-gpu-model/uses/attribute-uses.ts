/**
 * Finds what other files do with the model in an attribute: train it, pass it on, or build a larger model from it. A
 * file counts if an object of the class can get there, and an expression if it can be such an object. Pure.
 */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { DefinitionName, Reference } from '../../project/references.js';

import { assignmentOf, callArguments, statementOf } from '../../analysis/statements.js';
import { isWrite } from '../../analysis/variables.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, type PyNode } from '../../syntax/node.js';
import { isPassedOn, isTrained } from '../checks/outside-training.js';
import { definitionName } from '../model/class-members.js';

import { ObjectsOfClass } from './object-of-class.js';

/** An attribute of the objects of a class. */
interface ClassAttribute {
  /** The file of the class. */
  readonly path: string;
  /** The name of the class; undefined for any object. */
  readonly owner: string | undefined;
  readonly attribute: string;
}

/** An attribute of a class of a file; without a class, of any object. */
export function attributeOf(module: PythonModule, owner: PyNode | undefined, attribute: string): ClassAttribute {
  const { path } = module.source;
  return { path, owner: owner === undefined ? undefined : definitionName(module, owner), attribute };
}

/** Every `object.attribute` in other files that may read the attribute. */
function attributeUses(
  project: PythonProject,
  { path, owner, attribute }: ClassAttribute,
  accept: (module: PythonModule, node: PyNode) => boolean,
): Reference[] {
  const definition: DefinitionName | undefined = owner === undefined ? undefined : { path, name: owner };
  let objects: ObjectsOfClass | undefined;
  return project.filesMentioning(attribute).flatMap((other) => {
    const module = other === path ? undefined : project.module(other);
    if (module === undefined) return [];
    const nodes = module.identifiersNamed(attribute).flatMap((name) => {
      const whole = name.field === 'attribute' && name.parent?.type === 'attribute' ? name.parent : undefined;
      return whole === undefined || isWrite(whole) || !accept(module, whole) ? [] : [whole];
    });
    // Which files values get to is only computed for a file that would count.
    if (nodes.length === 0 || !project.index.familyOf(path).has(other)) return [];
    objects ??= new ObjectsOfClass(project, definition);
    return nodes
      .filter((node) => objects?.mayBe(module, childByField(node, 'object') ?? node) === true)
      .map((node) => ({ module, node }));
  });
}

/**
 * Whether another file trains the model in an attribute.
 *
 * @param project - The project.
 * @param attribute - The attribute.
 * @param orPassOn - Whether passing the model on counts, too.
 * @returns Whether there is such a file.
 */
export function isTrainedInOtherFiles(project: PythonProject, attribute: ClassAttribute, orPassOn: boolean): boolean {
  const uses = attributeUses(
    project,
    attribute,
    (module, node) => isTrained(module, node) || (orPassOn && isPassedOn(module, node)),
  );
  return uses.length > 0;
}

/** Refuses when another file builds a larger model from the model in an attribute. */
export function checkNotComposed(project: PythonProject, attribute: ClassAttribute): Refusal | undefined {
  const [first] = attributeUses(project, attribute, becomesPart);
  return first === undefined ? undefined : composedAt(attribute.path, first);
}

/** The refusal for a place in another file that makes a larger model. */
export function composedAt(from: string, { module: { source }, node }: Reference): Refusal {
  const [text, line] = [source.textOf(node), source.lineAt(node.start) + 1];
  return REFUSALS.composedInOtherFile({ text, file: pathSeenFrom(from, source.path), line });
}

/** The path of a file below the nearest folder that also contains another file. */
export function pathSeenFrom(from: string, path: string): string {
  const parts = path.split('/');
  const shared = from
    .split('/')
    .slice(0, -1)
    .findIndex((part, index) => part !== parts[index]);
  return parts.slice(shared === -1 ? from.split('/').length - 1 : shared).join('/');
}

/** Whether a larger model may contain the model: `x.model(y)`, `[x.model, …]`, `add(x.model)`, `x.model.output`. */
function becomesPart(module: PythonModule, node: PyNode): boolean {
  const { source } = module;
  const { parent } = node;
  if (parent === undefined || source.textOf(childByField(node, 'object') ?? node) === 'self') return false;
  if (parent.type === 'call' && node.field === 'function') return callArguments(source, parent).positional.length > 0;
  if (parent.type === 'list' || parent.type === 'tuple') return true;
  if (parent.type === 'attribute')
    return /^(inputs?|outputs?)$/.test(source.textOf(childByField(parent, 'attribute') ?? parent));
  if (parent.type === 'argument_list') {
    const callee = source.textOf(childByField(parent.parent ?? parent, 'function') ?? parent);
    return callee.endsWith('.add') || callArguments(source, parent.parent ?? parent).positional.indexOf(node) > 0;
  }
  return assignmentOf(statementOf(node))?.right === node;
}
