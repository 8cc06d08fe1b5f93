/** Edits of import specifiers and of the properties of a pattern. Pure. */
import type { TextEdit } from '../../result.js';
import type { Binding } from '../origins/origin.js';
import type { Node } from '../syntax/syntax-tree.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { listItemsRemoval, statementRemoval } from './text-removal.js';

/** How the specifier of a bound name changes. */
export interface NewSpecifier {
  readonly binding: Binding;
  /** Whether the name is removed, because nothing reads it after the rewrite. */
  readonly removed: boolean;
  /** Names to import instead of it, or next to it. */
  readonly heads: readonly string[];
  /** The name to import under the same local name. */
  readonly renamedTo: string | undefined;
}

/**
 * Edits the specifiers of imports and patterns.
 *
 * @param text - The text of the file.
 * @param specifiers - The changes.
 * @param isLoadedElsewhere - Whether other code in the file also loads the module of a declaration. If not, an import
 *   that loses its last name stays as `import 'm'`, because loading the module may have side effects.
 */
export function specifierEdits(
  text: string,
  specifiers: readonly NewSpecifier[],
  isLoadedElsewhere: (declaration: Node) => boolean,
): TextEdit[] {
  const edits: TextEdit[] = [];
  const removed: Node[] = [];
  for (const { binding, removed: isRemoved, heads, renamedTo } of specifiers) {
    const { node } = binding;
    if (renamedTo !== undefined) {
      edits.push(replace(importedName(node), renamedTo));
    } else if (heads.length > 0) {
      const range = nameRange(node);
      if (isRemoved) edits.push({ ...range, text: heads.join(', ') });
      else edits.push({ start: node.range[1], end: node.range[1], text: heads.map((head) => `, ${head}`).join('') });
    } else if (isRemoved) {
      removed.push(node);
    }
  }
  for (const list of new Set(removed.map(({ parent }) => parent))) {
    if (list === undefined) continue;
    edits.push(
      ...removals(
        text,
        list,
        removed.filter(({ parent }) => parent === list),
        isLoadedElsewhere,
      ),
    );
  }
  return edits;
}

/** Removes some or all of the names in one import declaration or pattern. */
function removals(
  text: string,
  list: Node,
  removed: readonly Node[],
  isLoadedElsewhere: (declaration: Node) => boolean,
): TextEdit[] {
  const items: readonly Node[] =
    list.type === AST_NODE_TYPES.ImportDeclaration ? list.specifiers : (list as TSESTree.ObjectPattern).properties;
  const names = items.filter(({ type }) => type !== AST_NODE_TYPES.ImportDefaultSpecifier);
  if (removed.length < names.length) return listItemsRemoval(text, removed, names);
  if (names.length < items.length) {
    // `import tf, { old } from 'm'` becomes `import tf from 'm'`.
    const [first, last] = [items[0] ?? list, names.at(-1) ?? list];
    return [{ start: first.range[1], end: text.indexOf('}', last.range[1]) + 1, text: '' }];
  }
  if (list.type === AST_NODE_TYPES.ImportDeclaration) {
    if (isLoadedElsewhere(list)) return statementRemoval(text, list);
    return [{ start: list.range[0], end: list.source.range[0], text: 'import ' }];
  }
  const declarator = list.parent;
  if (
    declarator?.type !== AST_NODE_TYPES.VariableDeclarator ||
    declarator.id !== list ||
    declarator.parent.declarations.length > 1
  ) {
    return [allItemsRemoval(text, list, items)];
  }
  if (declarator.init?.type === AST_NODE_TYPES.Identifier) return statementRemoval(text, declarator.parent);
  // `const { old } = require('m')` becomes `require('m')`, which still loads the module.
  return declarator.init === null
    ? [allItemsRemoval(text, list, items)]
    : [{ start: declarator.parent.range[0], end: declarator.init.range[0], text: '' }];
}

function allItemsRemoval(text: string, list: Node, items: readonly Node[]): TextEdit {
  const [first, last] = [items[0] ?? list, items.at(-1) ?? list];
  const end = last.range[1];
  return { start: first.range[0], end: end + (/^\s*,/.exec(text.slice(end))?.[0].length ?? 0), text: '' };
}

/** The range from the imported name to the local one, without a leading `type`. */
function nameRange(node: Node): { start: number; end: number } {
  const start = node.type === AST_NODE_TYPES.ImportSpecifier ? node.imported.range[0] : node.range[0];
  return { start, end: node.range[1] };
}

function importedName(node: Node): Node {
  return node.type === AST_NODE_TYPES.ImportSpecifier ? node.imported : (node as TSESTree.Property).key;
}

function replace(node: Node, text: string): TextEdit {
  return { start: node.range[0], end: node.range[1], text };
}
