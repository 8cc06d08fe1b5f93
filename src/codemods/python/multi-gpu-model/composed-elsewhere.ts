/** Whether another file of the project builds a larger model out of an attribute that holds a wrapped one. */
import type { MigrationContext } from '../../migration.js';
import { importedNames } from '../analysis/imports.js';
import { PythonModule } from '../analysis/module.js';
import { projectRoot, pythonFiles } from '../project/project-files.js';
import { resolveModule } from '../project/resolve-module.js';
import { descendants } from '../syntax/node.js';
import type { PythonParser } from '../syntax/parser.js';
import { originContext } from './origin-context.js';

/** @param owner The class that has the attribute; a file that takes a class of that name from elsewhere means another one. */
export function isComposedElsewhere(parser: PythonParser, context: MigrationContext, attribute: string, owner: string | undefined): boolean {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  const called = takenAsPart(attribute);
  return pythonFiles(files, root).some((path) => {
    const text = path === absolutePath ? undefined : files.read(path);
    if (text === undefined || !called.test(text)) return false;
    return owner === undefined || !path.endsWith('.py') || !knowsAnother(parser, context, path, text, owner);
  });
}

/** `x.model(y)`, `Sequential([x.model, …])`, `add(x.model)`, `x.model.output` and `m = x.model`, whatever `x` is, an attribute of `self` too. */
function takenAsPart(attribute: string): RegExp {
  const holder = `(?<![\\w.])(?!self\\.${attribute}\\b)(?:\\w+\\.)+${attribute}`;
  const called = `${holder}\\(\\s*[\\[\\w]`;
  const listed = `(?:\\[|\\.add\\(|,)\\s*${holder}\\s*[\\],)]`;
  const continued = `${holder}\\.(?:inputs?|outputs?)\\b`;
  const renamed = `=\\s*${holder}[ \\t]*(?:#.*)?$`;
  return new RegExp([called, listed, continued, renamed].join('|'), 'm');
}

/** Whether nothing that a file imports can be the class: no star, not its module, the name only from another file of the project. */
function knowsAnother(parser: PythonParser, context: MigrationContext, path: string, text: string, owner: string): boolean {
  const module = new PythonModule(parser.parse(path, text), originContext);
  const isHere = (name: string): boolean => resolveModule(context, path, name) === context.absolutePath;
  if (module.scopes.starImports.length > 0) return false;
  for (const node of descendants(module.source.root)) {
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
