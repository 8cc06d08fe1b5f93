/**
 * Finds uses of `multi_gpu_model` that look its name up as a string, delete it, or call it although nothing imports it.
 * Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { UnreadableUse } from './find-wrap-uses.js';

import { importedNames } from '../../analysis/imports.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, namedChildren, type PyNode } from '../../syntax/node.js';

import { isLegacyFunction } from './legacy-api.js';

const NAME = 'multi_gpu_model';

/** Uses that need the import and cannot be rewritten. */
export function hiddenUses(module: PythonModule): UnreadableUse[] {
  if (!module.source.text.includes(NAME)) return [];
  const found: UnreadableUse[] = [];
  for (const node of module.source.nodes) {
    if (node.type === 'string' && isLookup(module, node)) {
      found.push({ node, refusal: REFUSALS.functionLookedUpByName });
    }
    if (node.type === 'delete_statement' && namedChildren(node).some((name) => deletesImport(module, name))) {
      found.push({ node, refusal: REFUSALS.functionNameDeleted });
    }
  }
  return [...found, ...callsWithoutImport(module), ...callsOfRedefinedName(module)];
}

/** Calls of an imported name that the file may also define itself, after `except ImportError:` for example. */
function callsOfRedefinedName(module: PythonModule): UnreadableUse[] {
  const redefined = module.source.nodes.flatMap((node) => {
    const names = node.type === 'import_from_statement' ? importedNames(module.source, node) : [];
    return names.flatMap(({ module: from, member, clause }) => {
      if (!isLegacyFunction(`${from}.${member ?? ''}`)) return [];
      const bound = childByField(clause, 'alias') ?? clause.children.at(-1) ?? clause;
      const binding = module.scopes.bindingOf(bound);
      const other = binding?.writes.find(
        ({ kind, site }) =>
          /^(definition|assignment)$/.test(kind) &&
          childByField(site, 'right')?.type !== 'none' &&
          closest(site, ({ type }) => type === 'try_statement' || type === 'if_statement') !== undefined,
      );
      return binding === undefined || other === undefined ? [] : [{ binding, other }];
    });
  });
  return redefined.flatMap(({ binding, other }) =>
    binding.reads
      .filter((read) => read.parent?.type === 'call' && read.field === 'function')
      .map((node) => ({ node, refusal: refusalAt(module, REFUSALS.functionRedefined(binding.name), other.site) })),
  );
}

/** Calls of the name in a file that uses Keras but no longer imports the function: they raise a `NameError`. */
function callsWithoutImport(module: PythonModule): UnreadableUse[] {
  const { scopes, source } = module;
  if (scopes.starImports.length > 0 || !/^[ \t\f]*(?:from|import)[ \t]+(?:keras|tensorflow)\b/m.test(source.text))
    return [];
  return (scopes.unresolved.get(NAME) ?? [])
    .filter(
      (node) =>
        node.parent?.type === 'call' &&
        node.field === 'function' &&
        // A pattern of `match` may bind the name.
        closest(node, ({ type }) => type === 'match_statement') === undefined,
    )
    .map((node) => ({ node, refusal: REFUSALS.functionNotImported }));
}

function isLookup(module: PythonModule, node: PyNode): boolean {
  const { source } = module;
  if (source.textOf(node).replace(/^[a-z]*("""|'''|["'])(.*)\1$/i, '$2') !== NAME) return false;
  const holder = node.parent;
  if (holder?.type === 'subscript')
    return (
      /^(globals|locals|vars)\(\)$/.test(source.textOf(childByField(holder, 'value') ?? holder)) &&
      importsFunction(module)
    );
  if (holder?.type !== 'argument_list') return false;
  const callee = source.textOf(childByField(holder.parent ?? holder, 'function') ?? holder);
  if (/^(globals|locals|vars)\(\)\.(get|pop)$/.test(callee)) return importsFunction(module);
  const [object] = namedChildren(holder);
  return (
    callee === 'getattr' &&
    object !== undefined &&
    object !== node &&
    module.origins.of(object).some((origin) => isLegacyFunction(`${origin}.${NAME}`))
  );
}

/** Whether the file imports `multi_gpu_model` from Keras under this name at module level. */
function importsFunction(module: PythonModule): boolean {
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
