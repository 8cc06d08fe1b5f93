/** Finds names that a file does not use yet. Pure. */
import type { JavaScriptSource } from '../../syntax/parse.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isInside, type Node, walk } from '../../syntax/syntax-tree.js';

/** Every name that a file uses as a variable. */
export function identifiersOf({ ast, visitorKeys }: JavaScriptSource): Set<string> {
  const names = new Set<string>();
  walk(ast, visitorKeys, (node) => {
    if (node.type === AST_NODE_TYPES.Identifier && !isMemberName(node)) names.add(node.name);
  });
  return names;
}

/** `strategy`, or the first of `strategy2`, `strategy3`, … that is free. */
export function freeStrategyName(isFree: (name: string) => boolean): string {
  let name = 'strategy';
  for (let count = 2; !isFree(name); count++) name = `strategy${count}`;
  return name;
}

/** Chooses names for new variables, and never the same name twice in nested blocks. */
export class StrategyNames {
  readonly #used: ReadonlySet<string>;
  readonly #chosen: { readonly block: Node; readonly name: string }[] = [];

  constructor(used: ReadonlySet<string>) {
    this.#used = used;
  }

  /** A name for a strategy that a block declares. */
  choose(block: Node): string {
    const name = freeStrategyName(
      (candidate) =>
        !this.#used.has(candidate) &&
        !this.#chosen.some(
          (other) => other.name === candidate && (isInside(other.block, block) || isInside(block, other.block)),
        ),
    );
    this.#chosen.push({ block, name });
    return name;
  }

  /** A name for a field of a class that holds a strategy; no member in the text has it. */
  chooseField(classBody: Node, text: string): string {
    const name = freeStrategyName(
      (candidate) =>
        !new RegExp(`\\b${candidate}\\b`).test(text) &&
        !this.#chosen.some((other) => other.block === classBody && other.name === candidate),
    );
    this.#chosen.push({ block: classBody, name });
    return name;
  }
}

function isMemberName(node: TSESTree.Identifier): boolean {
  const { parent } = node;
  if (parent.type === AST_NODE_TYPES.MemberExpression) return parent.property === node && !parent.computed;
  return parent.type === AST_NODE_TYPES.Property && parent.key === node && !parent.shorthand && !parent.computed;
}
