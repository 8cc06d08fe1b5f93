/**
 * Finds uses of `multi_gpu_model` that a file imports through another file of the project, by name or with a star.
 * Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { UnreadableUse } from './find-wrap-uses.js';

import { importedNames, moduleOf } from '../../analysis/imports.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { contains, type PyNode } from '../../syntax/node.js';

import { isLegacyFunction, isLegacyModule } from './legacy-api.js';

const NAME = 'multi_gpu_model';
const MAX_STEPS = 4;

/** The uses, each with a refusal: the file that re-exports the function has to change as well. */
export function reExportedUses(project: PythonProject, module: PythonModule): UnreadableUse[] {
  if (!module.source.text.includes(NAME)) return [];
  const found: UnreadableUse[] = [];
  for (const { node, from } of [...byName(module), ...byStar(module)]) {
    const loaded = project.imported(module, from);
    if (loaded === undefined || !exportsFunction(project, loaded, MAX_STEPS)) continue;
    found.push({ node, refusal: REFUSALS.functionReExportedBy(from) });
  }
  return found;
}

/** A use, and the module that the file imports the name from. */
interface Use {
  readonly node: PyNode;
  readonly from: string;
}

function byName(module: PythonModule): Use[] {
  const uses: Use[] = [];
  for (const binding of module.scopes.module.bindings.values()) {
    const [write] = binding.writes;
    if (write?.kind !== 'import' || binding.writes.length !== 1) continue;
    const name = importedNames(module.source, write.site).find((imported) => contains(imported.clause, write.name));
    if (name?.member === NAME && !isLegacyFunction(`${name.module}.${NAME}`))
      uses.push(...binding.reads.map((node) => ({ node, from: name.module })));
  }
  return uses;
}

/** Uses of a name that nothing in the file binds, so that a star import may bind it. */
function byStar(module: PythonModule): Use[] {
  const stars = module.scopes.starImports
    .map((statement) => moduleOf(module.source, statement))
    .filter((from) => !isLegacyModule(from));
  const free = module.identifiersNamed(NAME).filter((node) => {
    const isMember =
      node.field === 'attribute' ||
      node.parent?.type === 'dotted_name' ||
      node.parent?.type === 'aliased_import' ||
      (node.field === 'name' && node.parent?.type === 'keyword_argument');
    return !isMember && module.scopes.bindingOf(node) === undefined && module.origins.of(node).length === 0;
  });
  return free.flatMap((node) => stars.map((from) => ({ node, from })));
}

/** Whether a module binds `multi_gpu_model` to Keras' function, and a star import of the module includes it. */
function exportsFunction(project: PythonProject, module: PythonModule, steps: number): boolean {
  const { scopes, source, origins } = module;
  const all = /^__all__\s*=[^\n]*(?:\n[ \t)\]][^\n]*)*/m.exec(source.text)?.[0];
  if (steps === 0 || all?.includes(NAME) === false) return false;
  const binding = scopes.module.bindings.get(NAME);
  if (binding !== undefined)
    return origins.importsOf(binding).some(({ module: from, member }) => isLegacyFunction(`${from}.${member ?? ''}`));
  return scopes.starImports.some((statement) => {
    const from = moduleOf(source, statement);
    const loaded = isLegacyModule(from) ? undefined : project.imported(module, from);
    return isLegacyModule(from) || (loaded !== undefined && exportsFunction(project, loaded, steps - 1));
  });
}
