/** Uses of Keras' function that a file takes from another file of the project, by name or with a star. */
import type { PythonModule } from '../../analysis/module.js';
import type { UnreadableUse } from './wrap-site.js';
import type { ModuleLoader } from './wrappers.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { importedNames, moduleOf } from '../../analysis/imports.js';
import { contains, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';

import { isLegacyFunction, isLegacyModule } from './legacy-api.js';

const NAME = 'multi_gpu_model';
const MOST_STEPS = 4;

/** The uses, each with a refusal: the import stands in another file, which has to change as well. */
export function passedOnUses(module: PythonModule, load: ModuleLoader): UnreadableUse[] {
  if (!module.source.text.includes(NAME)) return [];
  const found: UnreadableUse[] = [];
  for (const { node, from } of [...byName(module), ...byStar(module)]) {
    const loaded = load(module, from);
    if (loaded === undefined || !bringsFunction(loaded, load, MOST_STEPS)) continue;
    found.push({
      node,
      refusal: new Refusal(RefusalReason.NotCalledDirectly, `${NAME} comes from “${from}”, which only passes it on`),
    });
  }
  return found;
}

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

/** A name that nothing in the file binds. */
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

/** Whether a module has Keras' function under its name, and hands it out with a star. */
function bringsFunction(module: PythonModule, load: ModuleLoader, steps: number): boolean {
  const { scopes, source, origins } = module;
  const all = /^__all__\s*=[^\n]*(?:\n[ \t)\]][^\n]*)*/m.exec(source.text)?.[0];
  if (steps === 0 || all?.includes(NAME) === false) return false;
  const binding = scopes.module.bindings.get(NAME);
  if (binding !== undefined)
    return origins.importsOf(binding).some(({ module: from, member }) => isLegacyFunction(`${from}.${member ?? ''}`));
  return scopes.starImports.some((statement) => {
    const from = moduleOf(source, statement);
    const loaded = isLegacyModule(from) ? undefined : load(module, from);
    return isLegacyModule(from) || (loaded !== undefined && bringsFunction(loaded, load, steps - 1));
  });
}
