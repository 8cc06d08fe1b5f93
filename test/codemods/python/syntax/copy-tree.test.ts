/** What is not asked of the parser's cursor is what it would have answered. */
import type { PyNode } from '../../../../src/codemods/python/syntax/node.js';

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { Language, Parser, type TreeCursor } from 'web-tree-sitter';

import { copyTree, nodeType } from '../../../../src/codemods/python/syntax/copy-tree.js';
import { NAMED_TOKENS, PLAIN_TOKENS } from '../../../../src/codemods/python/syntax/token-table.js';

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

type Told = readonly [type: string, named: boolean, field: string | null, start: number, end: number];

function toldByCursor(text: string): Told[] {
  const tree = parser.parse(text)!;
  const told: Told[] = [];
  const visit = (cursor: TreeCursor): void => {
    told.push([
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
  return told.slice(1);
}

function toldByCopy(text: string): Told[] {
  const tree = parser.parse(text)!;
  const told: Told[] = [];
  const visit = (node: PyNode): void => {
    told.push([node.type, node.named, node.field ?? null, node.start, node.end]);
    for (const child of node.children) {
      expect(child.parent).toBe(node);
      visit(child);
    }
  };
  visit(copyTree(tree, text.length, types));
  return told.slice(1);
}

describe('a copied tree', () => {
  it('is what the cursor tells, over all fixtures', { timeout: 60_000 }, () => {
    const root = fileURLToPath(new URL('../../../../fixtures/python', import.meta.url));
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
    expect(files.length).toBeGreaterThan(300);
    for (const file of files) {
      const text = readFileSync(path.join(root, file), 'utf8');
      expect(toldByCopy(text), file).toEqual(toldByCursor(text));
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
    expect(toldByCopy(text)).toEqual(toldByCursor(text));
  });
});

describe('the table of tokens', () => {
  it('names tokens of the grammar that never have a role, nor the name of another node', () => {
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

  it('names nodes of the grammar without anything below', () => {
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
