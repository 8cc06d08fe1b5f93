/** The classes that extend a class, in its file and in the rest of the project. */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';
import type { Definition } from './exported-origin.js';

import { PythonModule } from '../../analysis/module.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';
import { childByField, namedChildren, type PyNode } from '../../syntax/node.js';
import { originContext } from '../find/origin-context.js';

/** The classes of a file that extend a class of this name directly. */
export function subclassesIn(module: PythonModule, name: string): PyNode[] {
  return module.source.nodes.filter((node) => {
    const bases = node.type === 'class_definition' ? childByField(node, 'superclasses') : undefined;
    return (
      bases !== undefined &&
      namedChildren(bases).some((base) => new RegExp(`(^|\\.)${name}$`).test(module.source.textOf(base)))
    );
  });
}

/** The classes of other files that extend one of this name, directly or through others. */
export function subclassesElsewhere(parser: PythonParser, context: MigrationContext, name: string): Definition[] {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return [];
  const paths = pythonFiles(files, root).filter((path) => path !== absolutePath);
  const found: Definition[] = [];
  const names = new Set([name]);
  for (const base of names) {
    const header = new RegExp(`\\bclass\\s+\\w+\\s*\\([^)]*\\b${base}\\b`);
    for (const path of paths) {
      const text = files.read(path);
      if (text === undefined || !path.endsWith('.py') || !header.test(text)) continue;
      const module = new PythonModule(parser.parse(path, text), originContext);
      for (const node of subclassesIn(module, base)) {
        found.push({ module, node });
        names.add(module.source.textOf(childByField(node, 'name') ?? node));
      }
    }
  }
  return found;
}
