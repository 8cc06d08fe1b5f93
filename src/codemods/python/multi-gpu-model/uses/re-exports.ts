/** Whether other files take a name from this one, e.g. `multi_gpu_model`, so that its import is no leftover. */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';

import { importedNames, moduleOf } from '../../analysis/imports.js';
import { PythonModule } from '../../analysis/module.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';
import { resolveModule } from '../../project/resolve-module.js';
import { originContext } from '../find/origin-context.js';

/** Whether a package passes the name on, or another file of the project imports it from the file at `path`. */
export function isPassedOn(parser: PythonParser, context: MigrationContext, path: string, name: string): boolean {
  if (path.endsWith('/__init__.py')) return true;
  const { files } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  return pythonFiles(files, root).some((other) => {
    const text = other === path || !other.endsWith('.py') ? undefined : files.read(other);
    if (text === undefined || !text.includes(name) || !text.includes(stem)) return false;
    return takesFrom(
      new PythonModule(parser.parse(other, text), originContext),
      name,
      (module) => resolveModule(context, other, module) === path,
    );
  });
}

/** Whether a file imports the name, everything, or the module itself from another. */
function takesFrom(module: PythonModule, name: string, isThere: (path: string) => boolean): boolean {
  const { source } = module;
  if (module.scopes.starImports.some((statement) => isThere(moduleOf(source, statement)))) return true;
  for (const node of source.nodes) {
    if (node.type !== 'import_statement' && node.type !== 'import_from_statement') continue;
    for (const { module: from, member } of importedNames(source, node)) {
      if (member === name && isThere(from)) return true;
      const whole = member === undefined ? from : `${from}${from.endsWith('.') ? '' : '.'}${member}`;
      if (source.text.includes(`.${name}`) && isThere(whole)) return true;
    }
  }
  return false;
}
