/** Edits of import specifiers and of the properties of a pattern. Pure. */
import type { TextEdit } from '../../result.js';
import type { Binding } from '../origins/origin.js';
import type { Node } from '../syntax/syntax-tree.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { listItemsRemoval, statementRemoval } from './text-removal.js';

/** What becomes of the specifier of a bound name. */
export interface NewSpecifier {
  readonly binding: Binding;
  /** Nothing reads the name any more. */
  readonly removed: boolean;
  /** Names to import in its place, or beside it. */
  readonly heads: readonly string[];
  /** Set to import another name under the local name that is there. */
  readonly renamedTo: string | undefined;
}

/**
 * @param isLoadedElsewhere whether the file loads the same module in another place as well; else the last
 * name of an import leaves the import behind, for what loading the module does
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
  for (const list of new Set(removed.map(({ parent }) => parent!))) {
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
    // `import tf, { gone } from 'm'` → `import tf from 'm'`
    const end = text.indexOf('}', names.at(-1)!.range[1]) + 1;
    return [{ start: items[0]!.range[1], end, text: '' }];
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
    return [everything(text, items)];
  }
  if (declarator.init?.type === AST_NODE_TYPES.Identifier) return statementRemoval(text, declarator.parent);
  // `const { gone } = require('m')` still loads the module.
  return declarator.init === null
    ? [everything(text, items)]
    : [{ start: declarator.parent.range[0], end: declarator.init.range[0], text: '' }];
}

function everything(text: string, items: readonly Node[]): TextEdit {
  const end = items.at(-1)!.range[1];
  return { start: items[0]!.range[0], end: end + (/^\s*,/.exec(text.slice(end))?.[0].length ?? 0), text: '' };
}

/** From the imported name to the local one; a `type` before it stays. */
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
