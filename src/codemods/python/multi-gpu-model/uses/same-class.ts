/** Whether a file that names a class can mean the one of this name that is migrated. */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';

import { importedNames } from '../../analysis/imports.js';
import { PythonModule } from '../../analysis/module.js';
import { resolveModule } from '../../project/resolve-module.js';
import { originContext } from '../find/origin-context.js';

/** @param owner The name of the class; undefined may be any. Notebooks may get it from anywhere. */
export function mayMeanClass(
  parser: PythonParser,
  context: MigrationContext,
  path: string,
  text: string,
  owner: string | undefined,
): boolean {
  return owner === undefined || !path.endsWith('.py') || !knowsAnother(parser, context, path, text, owner);
}

/** Whether nothing that a file imports can be the class: no star, not its module, the name only from another file of the project. */
function knowsAnother(
  parser: PythonParser,
  context: MigrationContext,
  path: string,
  text: string,
  owner: string,
): boolean {
  const module = new PythonModule(parser.parse(path, text), originContext);
  const isHere = (name: string): boolean => resolveModule(context, path, name) === context.absolutePath;
  if (module.scopes.starImports.length > 0) return false;
  for (const node of module.source.nodes) {
    if (node.type !== 'import_statement' && node.type !== 'import_from_statement') continue;
    for (const { module: from, member } of importedNames(module.source, node)) {
      if (isHere(from) && (member === undefined || member === owner)) return false;
      if (member !== undefined && isHere(`${from}${from.endsWith('.') ? '' : '.'}${member}`)) return false;
      if (member === owner && !isResolved(context, path, from)) return false;
    }
  }
  return true;
}

/** Whether an import is of a file of the project that does not merely pass names on. */
function isResolved(context: MigrationContext, path: string, module: string): boolean {
  const found = resolveModule(context, path, module);
  return found !== undefined && !found.endsWith('/__init__.py');
}
