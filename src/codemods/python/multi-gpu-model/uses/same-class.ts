/**
 * Decides whether a class name in another file can refer to the class of this file. Reads files through `SourceFiles`.
 */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';

import { importedNames } from '../../analysis/imports.js';
import { PythonModule } from '../../analysis/module.js';
import { resolveModule } from '../../project/resolve-module.js';
import { originContext } from '../find/origin-context.js';

/**
 * Whether a file may use the class.
 *
 * @param parser - Parses the file.
 * @param context - The file of the class.
 * @param path - The path of the other file. A notebook may get the class from anywhere.
 * @param text - The text of the other file.
 * @param owner - The name of the class; undefined for any.
 * @returns False only when the file certainly uses another class.
 */
export function mayReferToClass(
  parser: PythonParser,
  context: MigrationContext,
  path: string,
  text: string,
  owner: string | undefined,
): boolean {
  return owner === undefined || !path.endsWith('.py') || !refersToOtherClass(parser, context, path, text, owner);
}

/** Whether no import of a file can bind the class: no star, not its module, and its name only from another module. */
function refersToOtherClass(
  parser: PythonParser,
  context: MigrationContext,
  path: string,
  text: string,
  owner: string,
): boolean {
  const module = new PythonModule(parser.parse(path, text), originContext);
  const isHome = (name: string): boolean => resolveModule(context, path, name) === context.absolutePath;
  if (module.scopes.starImports.length > 0) return false;
  for (const node of module.source.nodes) {
    if (node.type !== 'import_statement' && node.type !== 'import_from_statement') continue;
    for (const { module: from, member } of importedNames(module.source, node)) {
      if (isHome(from) && (member === undefined || member === owner)) return false;
      if (member !== undefined && isHome(`${from}${from.endsWith('.') ? '' : '.'}${member}`)) return false;
      if (member === owner && !isProjectModule(context, path, from)) return false;
    }
  }
  return true;
}

/**
 * Whether a module is a file of the project that defines names itself, rather than a package that may re-export them.
 */
function isProjectModule(context: MigrationContext, path: string, module: string): boolean {
  const found = resolveModule(context, path, module);
  return found !== undefined && !found.endsWith('/__init__.py');
}
