/** Reads from the tree of a file what it imports, and which folders it adds to the search path. Pure. */
import type { PythonSource } from '../syntax/source.js';

import { importedNames, moduleOf } from '../analysis/imports.js';
import { childByField, descendants } from '../syntax/node.js';

/** One import as written. */
export interface WrittenImport {
  /** The module, with the dots of a relative import. */
  readonly module: string;
  /** The imported name; undefined for `import module`, `*` for all names. */
  readonly member: string | undefined;
  /** The name that the file sees; undefined for `*`. */
  readonly local: string | undefined;
  /** Whether `local` is only the first part of the module, as after `import a.b`. */
  readonly bindsTopLevel: boolean;
}

/** Every import of a file, at any depth. */
export function writtenImports(source: PythonSource): readonly WrittenImport[] {
  return source.derived(readImports);
}

function readImports(source: PythonSource): WrittenImport[] {
  return source.nodes.flatMap((node): WrittenImport[] => {
    if (node.type !== 'import_statement' && node.type !== 'import_from_statement') return [];
    if (node.children.some(({ type }) => type === 'wildcard_import'))
      return [{ module: moduleOf(source, node), member: '*', local: undefined, bindsTopLevel: false }];
    return importedNames(source, node).map(({ module, member, local, bindsTopLevel }) => ({
      module,
      member,
      local,
      bindsTopLevel,
    }));
  });
}

/** The strings of `sys.path.append('..')`, `sys.path.insert(0, join(here, 'lib'))` and the like. */
export function searchPathAdditions(source: PythonSource): readonly string[] {
  return source.text.includes('sys') && source.text.includes('path') ? source.derived(readAdditions) : [];
}

function readAdditions(source: PythonSource): string[] {
  return source.nodes.flatMap((node) => {
    const target =
      node.type === 'call'
        ? childByField(node, 'function')
        : node.type === 'augmented_assignment'
          ? childByField(node, 'left')
          : undefined;
    if (target === undefined || !/^sys\.path(\.append|\.insert|\.extend)?$/.test(source.textOf(target))) return [];
    return [...descendants(node)]
      .filter(({ type }) => type === 'string_content')
      .map((content) => source.textOf(content))
      .filter((text) => text !== '');
  });
}
