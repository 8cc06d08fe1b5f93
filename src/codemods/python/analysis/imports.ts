/** Reads the names that an import statement binds. Pure. */
import type { PythonSource } from '../syntax/source.js';

import { childByField, childrenByField, type PyNode } from '../syntax/node.js';

/** One name of one import statement. */
export interface ImportedName {
  readonly statement: PyNode;
  /** The part of the statement that imports it: an alias clause or a dotted name. */
  readonly clause: PyNode;
  /** The module as written, e.g. `keras.utils`, `.models`, `..`. */
  readonly module: string;
  /** The imported member, for `from` imports. */
  readonly member: string | undefined;
  /** The name that the file sees. */
  readonly local: string;
  /** For `import a.b` without alias the name is bound to `a`, not to `a.b`. */
  readonly bindsTopLevel: boolean;
}

/** The names that one import statement binds; none for a star import. */
export function importedNames(source: PythonSource, statement: PyNode): ImportedName[] {
  const names: ImportedName[] = [];
  const from = statement.type === 'import_from_statement' ? moduleOf(source, statement) : undefined;
  for (const clause of childrenByField(statement, 'name')) {
    const alias = clause.type === 'aliased_import' ? childByField(clause, 'alias') : undefined;
    const name = clause.type === 'aliased_import' ? childByField(clause, 'name') : clause;
    if (name === undefined) continue;
    const written = source.textOf(name).replaceAll(/\s/g, '');
    const local = alias === undefined ? written : source.textOf(alias);
    if (from !== undefined) {
      names.push({ statement, clause, module: from, member: written, local, bindsTopLevel: false });
    } else {
      const bindsTopLevel = alias === undefined;
      names.push({
        statement,
        clause,
        module: written,
        member: undefined,
        local: bindsTopLevel ? (written.split('.')[0] ?? written) : local,
        bindsTopLevel,
      });
    }
  }
  return names;
}

/** The module of a `from` import as written, dots of a relative import included. */
export function moduleOf(source: PythonSource, statement: PyNode): string {
  const module = childByField(statement, 'module_name');
  return module === undefined ? '' : source.textOf(module).replaceAll(/\s/g, '');
}
