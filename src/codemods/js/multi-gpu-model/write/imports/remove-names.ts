/** Removes single names from an import or a declaration whose other names stay. Pure. */
import type { TextEdit } from '../../../../result.js';
import type { Binding } from '../../../origins/origin.js';
import type { JavaScriptSource } from '../../../syntax/parse.js';
import type { Node } from '../../../syntax/syntax-tree.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

/** Removes the names of some bindings from the statement that declares them. */
export function removeNames(statement: Node, bindings: readonly Binding[], { text }: JavaScriptSource): TextEdit[] {
  const removed = new Set(bindings.map(({ node }) => node));
  if (statement.type === AST_NODE_TYPES.ImportDeclaration) return removeSpecifiers(statement, removed, text);
  if (statement.type !== AST_NODE_TYPES.VariableDeclaration) return [];
  const isWholeRemoved = (declarator: TSESTree.VariableDeclarator): boolean =>
    removed.has(declarator) ||
    (declarator.id.type === AST_NODE_TYPES.ObjectPattern &&
      declarator.id.properties.every((property) => removed.has(property)));
  const inPatterns = statement.declarations.flatMap((declarator) =>
    declarator.id.type === AST_NODE_TYPES.ObjectPattern && !isWholeRemoved(declarator)
      ? removeItems(declarator.id.properties, (property) => removed.has(property))
      : [],
  );
  return [...removeItems(statement.declarations, isWholeRemoved), ...inPatterns];
}

function removeSpecifiers(
  { specifiers }: TSESTree.ImportDeclaration,
  removed: ReadonlySet<Node>,
  text: string,
): TextEdit[] {
  const named = specifiers.filter((specifier) => specifier.type === AST_NODE_TYPES.ImportSpecifier);
  const [first, second] = specifiers;
  const lastNamed = named.at(-1);
  if (first === undefined) return [];
  const edits: TextEdit[] = [];
  if (lastNamed !== undefined && named.every((specifier) => removed.has(specifier))) {
    // `import k, { f } from` becomes `import k from`.
    edits.push({ start: first.range[1], end: text.indexOf('}', lastNamed.range[1]) + 1, text: '' });
  } else {
    edits.push(...removeItems(named, (specifier) => removed.has(specifier)));
  }
  if (first.type !== AST_NODE_TYPES.ImportSpecifier && removed.has(first) && second !== undefined) {
    const isNamed = second.type === AST_NODE_TYPES.ImportSpecifier;
    const end = isNamed ? text.indexOf('{', first.range[1]) : second.range[0];
    edits.push({ start: first.range[0], end, text: '' });
  }
  return edits;
}

/** Removes items from a comma-separated list of which some stay. */
function removeItems<Item extends Node>(items: readonly Item[], isRemoved: (item: Item) => boolean): TextEdit[] {
  const edits: TextEdit[] = [];
  let isAnyKept = false;
  for (const [index, item] of items.entries()) {
    const previous = items[index - 1];
    const next = items[index + 1];
    if (!isRemoved(item)) isAnyKept = true;
    else if (isAnyKept && previous !== undefined)
      edits.push({ start: previous.range[1], end: item.range[1], text: '' });
    else if (next !== undefined) edits.push({ start: item.range[0], end: next.range[0], text: '' });
  }
  return edits;
}
