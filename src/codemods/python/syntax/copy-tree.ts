/**
 * Copies a tree out of the parser. Every access to its cursor is a call into WebAssembly, so this skips the ones that
 * the grammar makes unnecessary. Pure.
 */
import type { PyNode } from './node.js';
import type { Tree, TreeCursor } from 'web-tree-sitter';

import { NAMED_TOKENS, PLAIN_TOKENS } from './token-table.js';

/** A type of node. */
export interface NodeType {
  readonly name: string;
  readonly isPlain: boolean;
  readonly isToken: boolean;
  /** Whether such nodes are named; undefined until the first one is read. */
  named: boolean | undefined;
}

/** The type with this name in the grammar. */
export function nodeType(name: string): NodeType {
  const isPlain = PLAIN_TOKENS.has(name);
  return { name, isPlain, isToken: isPlain || NAMED_TOKENS.has(name), named: undefined };
}

type MutableNode = { -readonly [Key in keyof PyNode]: PyNode[Key] };

/**
 * Copies a tree into plain objects.
 *
 * @param tree - The tree of the parser.
 * @param length - The length of the text, which the root spans.
 * @param types - The node types, by their number in the grammar.
 * @returns The root; undefined if the tree is deeper than `MAX_TREE_DEPTH`.
 */
export function copyTree(tree: Tree, length: number, types: readonly NodeType[]): PyNode | undefined {
  // After a syntax error, tokens may be empty and nodes may contain anything, so every node is read in full.
  const known = tree.rootNode.hasError
    ? types.map(({ name }) => ({ ...nodeType(name), isPlain: false, isToken: false }))
    : types;
  const cursor = tree.walk();
  try {
    const root: MutableNode = nodeAt(cursor, undefined, known[cursor.nodeTypeId]);
    root.start = 0;
    root.end = length;
    return addDescendants(root, cursor, known) ? root : undefined;
  } finally {
    cursor.delete();
  }
}

/** Whoever reads a tree may call itself at each level, and the stack ends at twice as many levels. */
const MAX_TREE_DEPTH = 1000;

/** Returns whether the whole tree was copied. */
function addDescendants(root: MutableNode, cursor: TreeCursor, types: readonly NodeType[]): boolean {
  let current = root;
  let depth = 0;
  let mayHaveChildren = true;
  for (;;) {
    let parent: MutableNode = current;
    if (!mayHaveChildren || !cursor.gotoFirstChild()) {
      while (!cursor.gotoNextSibling()) {
        if (current.parent === undefined || !cursor.gotoParent()) return true;
        current = current.parent;
        depth--;
      }
      if (current.parent === undefined) return true;
      parent = current.parent;
    } else if (++depth > MAX_TREE_DEPTH) {
      return false;
    }
    const type = types[cursor.nodeTypeId];
    current = nodeAt(cursor, parent, type);
    mayHaveChildren = type?.isToken !== true;
    if (parent.children === NO_CHILDREN) parent.children = [current];
    else (parent.children as PyNode[]).push(current);
  }
}

/** Most nodes are tokens: they share one list. */
const NO_CHILDREN: readonly PyNode[] = Object.freeze([]);

function nodeAt(cursor: TreeCursor, parent: PyNode | undefined, type: NodeType | undefined): MutableNode {
  const start = cursor.startIndex;
  const isPlain = type?.isPlain === true;
  const end = isPlain ? start + type.name.length : cursor.endIndex;
  return {
    // A missing node is empty.
    type: start === end && cursor.nodeIsMissing ? 'MISSING' : (type?.name ?? 'ERROR'),
    named: isNamed(cursor, type),
    field: isPlain ? undefined : (cursor.currentFieldName ?? undefined),
    start,
    end,
    parent,
    children: NO_CHILDREN,
  };
}

function isNamed(cursor: TreeCursor, type: NodeType | undefined): boolean {
  if (type === undefined) return cursor.nodeIsNamed;
  return (type.named ??= cursor.nodeIsNamed);
}
