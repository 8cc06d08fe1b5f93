/** The copied tree equals the parser's tree, although the copy skips most accesses to the cursor. */
import type { PyNode } from '../../../../src/codemods/python/syntax/node.js';
import type { Tree, TreeCursor } from 'web-tree-sitter';

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';

import { copyTree, nodeType } from '../../../../src/codemods/python/syntax/copy-tree.js';
import { NAMED_TOKENS, PLAIN_TOKENS } from '../../../../src/codemods/python/syntax/token-table.js';
import { defined } from '../../../support/defined.js';

interface GrammarNode {
  readonly type: string;
  readonly named: boolean;
  readonly fields?: Readonly<
    Record<string, { readonly types: readonly { readonly type: string; readonly named: boolean }[] }>
  >;
  readonly children?: unknown;
  readonly subtypes?: unknown;
}

const require = createRequire(import.meta.url);
const grammar = path.dirname(require.resolve('tree-sitter-python/package.json'));
const nodes = JSON.parse(readFileSync(path.join(grammar, 'src/node-types.json'), 'utf8')) as readonly GrammarNode[];
await Parser.init({ locateFile: () => require.resolve('web-tree-sitter/web-tree-sitter.wasm') });
const language = await Language.load(path.join(grammar, 'tree-sitter-python.wasm'));
const parser = new Parser();
parser.setLanguage(language);
const types = Array.from(language.types, nodeType);

type NodeFacts = readonly [type: string, named: boolean, field: string | null, start: number, end: number];

/** Parses a text; the grammar reads every text. */
function parse(text: string): Tree {
  const tree = parser.parse(text);
  if (tree === null) throw new Error('The parser returned no tree.');
  return tree;
}

function nodesByCursor(text: string): NodeFacts[] {
  const tree = parse(text);
  const facts: NodeFacts[] = [];
  const visit = (cursor: TreeCursor): void => {
    facts.push([
      cursor.nodeIsMissing ? 'MISSING' : cursor.nodeType,
      cursor.nodeIsNamed,
      cursor.currentFieldName,
      cursor.startIndex,
      cursor.endIndex,
    ]);
    if (!cursor.gotoFirstChild()) return;
    do visit(cursor);
    while (cursor.gotoNextSibling());
    cursor.gotoParent();
  };
  visit(tree.walk());
  return facts.slice(1);
}

function nodesByCopy(text: string): NodeFacts[] {
  const tree = parse(text);
  const facts: NodeFacts[] = [];
  const visit = (node: PyNode): void => {
    facts.push([node.type, node.named, node.field ?? null, node.start, node.end]);
    for (const child of node.children) {
      expect(child.parent).toBe(node);
      visit(child);
    }
  };
  visit(defined(copyTree(tree, text.length, types)));
  return facts.slice(1);
}

describe('a copied tree', () => {
  it('equals the tree of the parser for every fixture', { timeout: 60_000 }, () => {
    const root = fileURLToPath(new URL('../../../../fixtures/python', import.meta.url));
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
    expect(files.length).toBeGreaterThan(300);
    for (const file of files) {
      const text = readFileSync(path.join(root, file), 'utf8');
      expect(nodesByCopy(text), file).toEqual(nodesByCursor(text));
    }
  });

  it.each([
    'def f(a, *, b: int = 1) -> None:\n  return not a, lambda: (yield)\n',
    'x = {a: b for a in c if d not in e}\nif (y := x[1:2]) is not None: print >>f, x\n',
    'async def g():\n  async with a as b: await c\n  raise E from None\n',
    'class A(: pass\n',
    'f(a b)\ndef (\n  x = = 1\n',
    'if x\n  y(\n',
    "f'{x!r:>{y}}' '''never closed\n",
  ])('is what the cursor tells of %j', (text) => {
    expect(nodesByCopy(text)).toEqual(nodesByCursor(text));
  });
});

describe('the token table', () => {
  it('lists tokens that never have a role and share their name with no other node', () => {
    const inRoles = new Set(
      nodes.flatMap(({ fields = {} }) =>
        Object.values(fields).flatMap(({ types: played }) =>
          played.filter(({ named }) => !named).map(({ type }) => type),
        ),
      ),
    );
    const tokens = new Set(nodes.filter(({ named }) => !named).map(({ type }) => type));
    const others = new Set(nodes.filter(({ named }) => named).map(({ type }) => type));
    expect([...PLAIN_TOKENS].filter((token) => !tokens.has(token) || inRoles.has(token) || others.has(token))).toEqual(
      [],
    );
  });

  it('lists nodes that never have children', () => {
    const leaves = new Set(
      nodes
        .filter(
          ({ named, fields = {}, children, subtypes }) =>
            named && Object.keys(fields).length === 0 && children === undefined && subtypes === undefined,
        )
        .map(({ type }) => type),
    );
    expect([...NAMED_TOKENS].filter((token) => !leaves.has(token))).toEqual([]);
  });
});
