/**
 * Follows a name through modules of the project that define or re-export it: `pkg.layers.Thing` may be `lib.Thing`.
 * Pure; the project reads the files.
 */
import type { Definition } from '../analysis/definition.js';
import type { PythonModule } from '../analysis/module.js';
import type { PyNode } from '../syntax/node.js';
import type { PythonProject } from './python-project.js';

import { moduleOf } from '../analysis/imports.js';
import { assignmentOf, statementOf } from '../analysis/statements.js';

const MAX_STEPS = 8;

/** The end of an import chain: an origin outside the project, or a definition in one of its modules. */
type Exported = { readonly origin: string } | { readonly definition: Definition };

/** The origins outside the project that an expression may have. */
export function originsThroughProject(
  project: PythonProject | undefined,
  module: PythonModule,
  expression: PyNode,
): string[] {
  const found = followExpression(project, module, expression);
  return [...new Set(found.flatMap((each) => ('origin' in each ? [each.origin] : [])))];
}

/** The classes and functions of other files that an expression may refer to. */
export function definitionsInProject(
  project: PythonProject | undefined,
  module: PythonModule,
  expression: PyNode,
): Definition[] {
  return followExpression(project, module, expression).flatMap((each) =>
    'definition' in each ? [each.definition] : [],
  );
}

/** The classes and functions of this file and of others that a callee may refer to. */
export function definitionsOf(project: PythonProject, module: PythonModule, callee: PyNode): Definition[] {
  return [...definedHere(module, callee), ...definitionsInProject(project, module, callee)];
}

/** The classes and functions of this file that a callee may refer to. */
export function definedHere(module: PythonModule, callee: PyNode): Definition[] {
  const own = callee.type === 'identifier' ? (module.scopes.bindingOf(callee)?.writes ?? []) : [];
  return own.filter(({ kind }) => kind === 'definition').map(({ site }) => ({ module, node: site }));
}

function followExpression(project: PythonProject | undefined, module: PythonModule, expression: PyNode): Exported[] {
  const origins = module.origins.of(expression);
  if (project === undefined) return origins.map((origin) => ({ origin }));
  return [...origins, ...starOrigins(project, module, expression)].flatMap((origin) =>
    follow(project, origin, module.source.path, MAX_STEPS),
  );
}

/** The origins of a name that nothing in the file binds, so that each star import may bind it. */
function starOrigins(project: PythonProject, module: PythonModule, expression: PyNode): string[] {
  const { origins, scopes, source } = module;
  if (expression.type !== 'identifier' || scopes.starImports.length === 0) return [];
  if (scopes.bindingOf(expression) !== undefined || origins.of(expression).length > 0) return [];
  return starMembers(project, module, source.textOf(expression));
}

/** What a name may be when a star import of a module of the project binds it. */
function starMembers(project: PythonProject, { scopes, source }: PythonModule, name: string): string[] {
  return scopes.starImports
    .map((statement) => moduleOf(source, statement))
    .filter((module) => project.resolve(source.path, module) !== undefined)
    .map((module) => joined(module, name));
}

function follow(project: PythonProject, origin: string, from: string, steps: number): Exported[] {
  if (steps === 0) return [{ origin }];
  const dots = /^\.*/.exec(origin)?.[0] ?? '';
  const parts = origin.slice(dots.length).split('.');
  for (let length = parts.length - 1; length > (dots === '' ? 0 : -1); length--) {
    const path = project.resolve(from, `${dots}${parts.slice(0, length).join('.')}`);
    const loaded = path === undefined ? undefined : project.module(path);
    const [member, ...rest] = parts.slice(length);
    if (path === undefined || loaded === undefined || member === undefined) continue;
    const definitions = rest.length > 0 ? [] : definitionsNamed(loaded, member);
    return [
      ...definitions.map((definition) => ({ definition })),
      ...valuesOf(project, loaded, member).flatMap((value) =>
        follow(project, [value, ...rest].join('.'), path, steps - 1),
      ),
    ];
  }
  return [{ origin }];
}

function definitionsNamed(module: PythonModule, name: string): Definition[] {
  const writes = module.scopes.module.bindings.get(name)?.writes ?? [];
  return writes.filter(({ kind }) => kind === 'definition').map(({ site }) => ({ module, node: site }));
}

/** The origins of what a module-level name is imported as, or assigned. */
function valuesOf(project: PythonProject, module: PythonModule, name: string): string[] {
  const { scopes, origins } = module;
  const binding = scopes.module.bindings.get(name);
  if (binding === undefined) return starMembers(project, module, name);
  const assigned = binding.writes.flatMap((write) => {
    const right = write.kind === 'assignment' ? assignmentOf(statementOf(write.name))?.right : undefined;
    return right === undefined ? [] : origins.of(right);
  });
  return assigned.length > 0
    ? assigned
    : origins
        .importsOf(binding)
        .map((imported) =>
          imported.member === undefined ? imported.module : joined(imported.module, imported.member),
        );
}

function joined(module: string, member: string): string {
  return module.endsWith('.') ? `${module}${member}` : `${module}.${member}`;
}
