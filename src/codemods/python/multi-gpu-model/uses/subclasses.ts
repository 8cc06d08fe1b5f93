/** Finds the classes of other files that extend a class. Reads files through `SourceFiles`. */
import type { MigrationContext } from '../../../migration.js';
import type { Definition } from '../../analysis/definition.js';
import type { PythonParser } from '../../syntax/parser.js';

import { PythonModule } from '../../analysis/module.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';
import { originContext } from '../find/origin-context.js';
import { definitionName, subclassesIn } from '../model/class-members.js';

/** The classes of other files that extend one of this name, directly or through others. */
export function subclassesInOtherFiles(parser: PythonParser, context: MigrationContext, name: string): Definition[] {
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
        names.add(definitionName(module, node));
      }
    }
  }
  return found;
}
