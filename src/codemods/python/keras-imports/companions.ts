/** Finds imports of packages that stay on standalone Keras when the imports of a file move. Pure. */
import type { PythonModule } from '../analysis/module.js';
import type { PyNode } from '../syntax/node.js';

import { importedNames } from '../analysis/imports.js';

import { COMPANIONS } from './companions-table.js';

/** An import, and what its package stays on. */
interface CompanionImport {
  readonly node: PyNode;
  readonly message: string;
}

/** The imports of such packages. */
export function companionImports(module: PythonModule): CompanionImport[] {
  return module.source.nodes.flatMap((node) => {
    if (node.type !== 'import_statement' && node.type !== 'import_from_statement') return [];
    const paths = importedNames(module.source, node).map(({ module: from, member }) =>
      member === undefined ? from : `${from}.${member}`,
    );
    const known = COMPANIONS.find(([root]) => paths.some((path) => path === root || path.startsWith(`${root}.`)));
    if (known === undefined) return [];
    const [name, counterpart] = known;
    const advice = counterpart === undefined ? 'no counterpart is known' : `use ${counterpart}`;
    const message = `${name} stays on standalone Keras, and does not work together with TensorFlow’s Keras: ${advice}`;
    return [{ node, message }];
  });
}
