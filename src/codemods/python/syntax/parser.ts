/**
 * Parses Python text. `loadPythonParser` is asynchronous once (it compiles the grammar's WebAssembly
 * file); parsing is synchronous. Reads two files of installed packages and nothing else.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import type { PyNode } from './node.js';
import { PythonSource } from './source.js';

/** Turns a text into its tree. Never throws on bad syntax: see {@link PythonSource.syntaxErrors}. */
export interface PythonParser {
  parse(path: string, text: string): PythonSource;
}

/**
 * Prepares a parser. The grammar takes Python 3 and the statements of Python 2 (`print x`).
 *
 * @throws When the grammar's file is missing from the installation.
 */
export async function loadPythonParser(): Promise<PythonParser> {
  const require = createRequire(import.meta.url);
  const runtime = require.resolve('web-tree-sitter/web-tree-sitter.wasm');
  await Parser.init({ locateFile: () => runtime });
  const grammar = join(dirname(require.resolve('tree-sitter-python/package.json')), 'tree-sitter-python.wasm');
  const language = await Language.load(grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  const types: NodeTypes = { names: language.types, named: new Map() };
  return {
    parse(path, text) {
      return new PythonSource(path, text, () => {
        const tree = parser.parse(text);
        if (tree === null) throw new Error(`The Python parser gave up on ${path}.`);
        try {
          return copyTree(tree, text.length, types);
        } finally {
          tree.delete();
        }
      });
    },
  };
}

/** What the grammar says of types of nodes, by their number: each question to the cursor costs a call into WebAssembly. */
interface NodeTypes {
  readonly names: readonly string[];
  /** Whether nodes of a type are named, as far as one was seen. */
  readonly named: Map<number, boolean>;
}

type MutableNode = { -readonly [Key in keyof PyNode]: PyNode[Key] } & { children: PyNode[] };

function copyTree(tree: Tree, length: number, types: NodeTypes): PyNode {
  const cursor = tree.walk();
  try {
    const root = nodeAt(cursor, undefined, types);
    root.start = 0;
    root.end = length;
    let current = root;
    while (true) {
      if (cursor.gotoFirstChild()) {
        current = addChild(cursor, current, types);
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent() || current.parent === undefined) return root;
        current = current.parent as MutableNode;
        if (current.parent === undefined) return root;
      }
      current = addChild(cursor, current.parent as MutableNode, types);
    }
  } finally {
    cursor.delete();
  }
}

function addChild(cursor: TreeCursor, parent: MutableNode, types: NodeTypes): MutableNode {
  const node = nodeAt(cursor, parent, types);
  parent.children.push(node);
  return node;
}

function nodeAt(cursor: TreeCursor, parent: PyNode | undefined, types: NodeTypes): MutableNode {
  const { nodeTypeId: id, startIndex: start, endIndex: end } = cursor;
  return {
    // What is missing takes no room.
    type: start === end && cursor.nodeIsMissing ? 'MISSING' : (types.names[id] ?? 'ERROR'),
    named: isNamed(cursor, id, types),
    field: cursor.currentFieldName ?? undefined,
    start,
    end,
    parent,
    children: [],
  };
}

function isNamed(cursor: TreeCursor, id: number, { named }: NodeTypes): boolean {
  let known = named.get(id);
  if (known === undefined) named.set(id, (known = cursor.nodeIsNamed));
  return known;
}
