/** Uses of an imported `multi_gpu_model` that no name shows: looked up as a string, or deleted. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { UnreadableUse } from './wrap-site.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { childByField, closest, namedChildren, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';

import { isLegacyFunction } from './legacy-api.js';

const NAME = 'multi_gpu_model';

/** Places that need the import although they cannot be rewritten. */
export function hiddenUses(module: PythonModule): UnreadableUse[] {
  if (!module.source.text.includes(NAME)) return [];
  const found: UnreadableUse[] = [];
  for (const node of module.source.nodes) {
    if (node.type === 'string' && isLookup(module, node)) {
      found.push({
        node,
        refusal: new Refusal(RefusalReason.NotCalledDirectly, `${NAME} is looked up by its name here`),
      });
    }
    if (node.type === 'delete_statement' && namedChildren(node).some((name) => deletesImport(module, name))) {
      found.push({ node, refusal: new Refusal(RefusalReason.NotCalledDirectly, `the name ${NAME} is deleted here`) });
    }
  }
  return found;
}

function isLookup(module: PythonModule, node: PyNode): boolean {
  const { source } = module;
  if (source.textOf(node).replace(/^[a-z]*(['"]+)(.*)\1$/i, '$2') !== NAME) return false;
  const holder = node.parent;
  if (holder?.type === 'subscript')
    return (
      /^(globals|locals|vars)\(\)$/.test(source.textOf(childByField(holder, 'value') ?? holder)) && importsIt(module)
    );
  if (holder?.type !== 'argument_list') return false;
  const callee = source.textOf(childByField(holder.parent ?? holder, 'function') ?? holder);
  if (/^(globals|locals|vars)\(\)\.(get|pop)$/.test(callee)) return importsIt(module);
  const [object] = namedChildren(holder);
  return (
    callee === 'getattr' &&
    object !== undefined &&
    object !== node &&
    module.origins.of(object).some((origin) => isLegacyFunction(`${origin}.${NAME}`))
  );
}

/** Whether the name itself is imported from Keras at the level of the module. */
function importsIt(module: PythonModule): boolean {
  const binding = module.scopes.module.bindings.get(NAME);
  return (
    binding !== undefined &&
    module.origins.importsOf(binding).some(({ module: from, member }) => isLegacyFunction(`${from}.${member ?? ''}`))
  );
}

function deletesImport(module: PythonModule, name: PyNode): boolean {
  const binding = name.type === 'identifier' ? module.scopes.bindingOf(name) : undefined;
  return (
    binding?.writes.some(({ kind, site }) => {
      if (kind !== 'import') return false;
      const from = closest(site, (node) => node.type === 'import_from_statement');
      return (
        from !== undefined &&
        /\b(keras|tensorflow)\b/.test(module.source.textOf(from)) &&
        module.source.textOf(from).includes(NAME)
      );
    }) ?? false
  );
}
