/** Where the model of a wrap is built: the question that decides how the wrap is planned. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { assignmentOf, enclosingClass, enclosingFunction } from '../../analysis/statements.js';
import { reachingDefinitions, type Variable } from '../../analysis/variables.js';
import { isImported } from '../../project/references.js';
import { childByField, closest, type PyNode } from '../../syntax/node.js';

import { type Caller, callersOf } from './callers.js';
import { attributeWrites, nameOf } from './class-members.js';
import { scopeAround } from './own-scope.js';
import { functionOrModule, type Wrap } from './wrap-group.js';

/** Where the model is built, if not in the function that wraps it. */
type BuildPlace = BuiltInMethod | BuiltByCallers;

/** Another method of the class builds it into an attribute (pattern P4). */
export interface BuiltInMethod {
  readonly kind: 'method';
  readonly template: Variable;
  readonly parallel: Variable;
  /** The class. */
  readonly owner: PyNode;
  readonly builder: PyNode;
  /** The statements of that method that assign it. */
  readonly definitions: readonly PyNode[];
}

/** It is a parameter, and the callers of the function build it (pattern P5). */
export interface BuiltByCallers {
  readonly kind: 'callers';
  readonly definition: PyNode;
  readonly body: PyNode;
  readonly callers: readonly [Caller, ...Caller[]];
}

/**
 * Finds the place.
 *
 * @param project - The project.
 * @param module - The file.
 * @param wrap - The wrap.
 * @returns Undefined when the function that wraps the model builds it, or when nothing shows where it is built.
 */
export function buildPlaceOf(project: PythonProject, module: PythonModule, wrap: Wrap): BuildPlace | undefined {
  if (scopeAround(module, wrap.site.call) !== undefined) return undefined;
  return builtInMethod(module, wrap) ?? builtByCallers(project, module, wrap);
}

function builtInMethod(module: PythonModule, { site, template, parallel }: Wrap): BuiltInMethod | undefined {
  if (template?.text.startsWith('self.') !== true || parallel?.text.startsWith('self.') !== true) return undefined;
  const owner = closest(site.call, (node) => node.type === 'class_definition');
  if (owner === undefined || site.conditional !== undefined) return undefined;
  const definitions = attributeWrites(module, template.text, owner).filter((statement) => statement !== site.statement);
  const methods = new Set(definitions.map((statement) => enclosingFunction(statement)));
  const [builder] = methods;
  if (methods.size !== 1 || builder === undefined || builder === enclosingFunction(site.call)) return undefined;
  const areCalls = definitions.every((statement) =>
    /\(/.test(module.source.textOf(assignmentOf(statement)?.right ?? statement)),
  );
  return areCalls ? { kind: 'method', template, parallel, owner, builder, definitions } : undefined;
}

function builtByCallers(
  project: PythonProject,
  module: PythonModule,
  { site, template }: Wrap,
): BuiltByCallers | undefined {
  const definition = functionOrModule(module, site.call);
  const name = childByField(definition, 'name');
  const body = childByField(definition, 'body');
  if (name === undefined || body === undefined) return undefined;
  // A method, a function inside another one and a decorated one may have callers that nothing here follows.
  if (definition.parent?.type === 'decorated_definition') return undefined;
  if (enclosingFunction(definition) !== undefined || enclosingClass(definition) !== undefined) return undefined;
  const isParameter =
    template?.text.includes('.') === false &&
    template.root.writes.some((write) => write.kind === 'parameter') &&
    reachingDefinitions(module, template, site.statement).length === 0;
  // Other files may call it as well.
  if (!isParameter || isImported(project, nameOf(module, definition))) return undefined;
  const [first, ...others] = callersOf(module, definition, name, template.text);
  return first === undefined ? undefined : { kind: 'callers', definition, body, callers: [first, ...others] };
}
