/**
 * Follows a name through modules of the project that define or re-export it: `pkg.layers.Thing` may be `lib.Thing`.
 * Reads files through `SourceFiles`.
 */
import type { MigrationContext } from '../../../migration.js';
import type { Definition } from '../../analysis/definition.js';
import type { PyNode } from '../../syntax/node.js';
import type { PythonParser } from '../../syntax/parser.js';

import { PythonModule } from '../../analysis/module.js';
import { assignmentOf, statementOf } from '../../analysis/statements.js';
import { resolveModule } from '../../project/resolve-module.js';
import { originContext } from '../find/origin-context.js';

const MAX_STEPS = 8;

/** The end of an import chain: an origin outside the project, or a definition in one of its modules. */
type Exported = { readonly origin: string } | { readonly definition: Definition };

/** The origins outside the project that an expression may have. */
export function originsThroughProject(
  parser: PythonParser,
  context: MigrationContext,
  module: PythonModule,
  expression: PyNode,
): string[] {
  return [
    ...new Set(
      followExpression(parser, context, module, expression).flatMap((found) =>
        'origin' in found ? [found.origin] : [],
      ),
    ),
  ];
}

/** The classes and functions of other files that an expression may refer to. */
export function definitionsInProject(
  parser: PythonParser,
  context: MigrationContext,
  module: PythonModule,
  expression: PyNode,
): Definition[] {
  return followExpression(parser, context, module, expression).flatMap((found) =>
    'definition' in found ? [found.definition] : [],
  );
}

function followExpression(
  parser: PythonParser,
  context: MigrationContext,
  module: PythonModule,
  expression: PyNode,
): Exported[] {
  const { files, absolutePath = '' } = context;
  const follow = (origin: string, from: string, steps: number): Exported[] => {
    if (steps === 0 || files === undefined) return [{ origin }];
    const dots = /^\.*/.exec(origin)?.[0] ?? '';
    const parts = origin.slice(dots.length).split('.');
    for (let length = parts.length - 1; length > (dots === '' ? 0 : -1); length--) {
      const path = resolveModule(context, from, `${dots}${parts.slice(0, length).join('.')}`);
      const text = path === undefined ? undefined : files.read(path);
      const [member, ...rest] = parts.slice(length);
      if (path === undefined || text === undefined || member === undefined) continue;
      if (!text.includes(member)) return [];
      const loaded = new PythonModule(parser.parse(path, text), originContext);
      const definitions = rest.length > 0 ? [] : definitionsOf(loaded, member);
      return [
        ...definitions.map((definition) => ({ definition })),
        ...valuesOf(loaded, member).flatMap((value) => follow([value, ...rest].join('.'), path, steps - 1)),
      ];
    }
    return [{ origin }];
  };
  return module.origins.of(expression).flatMap((origin) => follow(origin, absolutePath, MAX_STEPS));
}

function definitionsOf(module: PythonModule, name: string): Definition[] {
  const writes = module.scopes.module.bindings.get(name)?.writes ?? [];
  return writes.filter(({ kind }) => kind === 'definition').map(({ site }) => ({ module, node: site }));
}

/** The origins of what a module-level name is imported as, or assigned. */
function valuesOf(module: PythonModule, name: string): string[] {
  const binding = module.scopes.module.bindings.get(name);
  if (binding === undefined) return [];
  const assigned = binding.writes.flatMap((write) => {
    const right = write.kind === 'assignment' ? assignmentOf(statementOf(write.name))?.right : undefined;
    return right === undefined ? [] : module.origins.of(right);
  });
  return assigned.length > 0
    ? assigned
    : module.origins
        .importsOf(binding)
        .map((imported) =>
          imported.member === undefined ? imported.module : joined(imported.module, imported.member),
        );
}

function joined(module: string, member: string): string {
  return module.endsWith('.') ? `${module}${member}` : `${module}.${member}`;
}
