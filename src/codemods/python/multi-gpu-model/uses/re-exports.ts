/** Finds files that import a name from this one, so that it has to stay. Reads files through `SourceFiles`. */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';

import { importedNames, moduleOf } from '../../analysis/imports.js';
import { PythonModule } from '../../analysis/module.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';
import { resolveModule } from '../../project/resolve-module.js';
import { originContext } from '../find/origin-context.js';

/** Whether the file at `path` is a package, or another file of the project imports the name from it. */
export function isImportedByOtherFiles(
  parser: PythonParser,
  context: MigrationContext,
  path: string,
  name: string,
): boolean {
  if (path.endsWith('/__init__.py')) return true;
  const { files } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  return pythonFiles(files, root).some((other) => {
    const text = other === path || !other.endsWith('.py') ? undefined : files.read(other);
    if (text === undefined || !text.includes(name) || !text.includes(stem)) return false;
    return importsFrom(
      new PythonModule(parser.parse(other, text), originContext),
      name,
      (module) => resolveModule(context, other, module) === path,
    );
  });
}

/** Whether a file imports the name, a star, or the module itself. */
function importsFrom(module: PythonModule, name: string, isHome: (path: string) => boolean): boolean {
  const { source } = module;
  if (module.scopes.starImports.some((statement) => isHome(moduleOf(source, statement)))) return true;
  for (const node of source.nodes) {
    if (node.type !== 'import_statement' && node.type !== 'import_from_statement') continue;
    for (const { module: from, member } of importedNames(source, node)) {
      if (member === name && isHome(from)) return true;
      const whole = member === undefined ? from : `${from}${from.endsWith('.') ? '' : '.'}${member}`;
      if (source.text.includes(`.${name}`) && isHome(whole)) return true;
    }
  }
  return false;
}
