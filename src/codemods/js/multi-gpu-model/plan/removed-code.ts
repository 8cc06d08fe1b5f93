/** Collects the statements to remove, and simplifies an `if` that loses a branch. Pure. */
import type { TextEdit } from '../../../result.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { isInside, type Node } from '../../syntax/syntax-tree.js';

export class RemovedCode {
  /** Statements to remove completely. */
  readonly statements: Set<Node> = new Set<Node>();
  #edits: TextEdit[] = [];

  /** Edits in code that stays. */
  get edits(): readonly TextEdit[] {
    return this.#edits;
  }

  addEdits(...edits: readonly TextEdit[]): void {
    this.#edits.push(...edits);
  }

  /** Whether a node is in a removed statement. */
  isRemoved(node: Node): boolean {
    for (let current: Node | undefined = node; current !== undefined; current = current.parent)
      if (this.statements.has(current)) return true;
    return false;
  }

  /** Removes a statement, and a branch that is empty without it. */
  remove(statement: Node): void {
    this.statements.add(statement);
    const { parent } = statement;
    if (parent === undefined) return;
    let branch: Node = statement;
    if (parent.type === AST_NODE_TYPES.BlockStatement) {
      if (!parent.body.every((each) => this.statements.has(each))) return;
      branch = parent;
    }
    const condition = branch.parent;
    if (condition.type !== AST_NODE_TYPES.IfStatement) return;
    const { test, consequent, alternate } = condition;
    const isConsequentEmpty = this.#isEmpty(consequent);
    const isAlternateEmpty = alternate === null || this.#isEmpty(alternate);
    if (isConsequentEmpty && isAlternateEmpty) {
      // An earlier call may have simplified the `if`, which is now removed as a whole.
      this.#edits = this.#edits.filter(({ start, end }) => !(condition.range[0] <= start && end <= condition.range[1]));
      this.remove(condition);
    } else if (isConsequentEmpty && alternate !== null) {
      this.addEdits(
        { start: test.range[0], end: test.range[0], text: '!(' },
        { start: test.range[1], end: test.range[1], text: ')' },
        { start: consequent.range[0], end: alternate.range[0], text: '' },
      );
    } else if (alternate !== null && isAlternateEmpty) {
      this.addEdits({ start: consequent.range[1], end: alternate.range[1], text: '' });
    }
  }

  #isEmpty(branch: Node): boolean {
    if (this.statements.has(branch)) return true;
    return branch.type === AST_NODE_TYPES.BlockStatement && branch.body.every((each) => this.statements.has(each));
  }
}

/** The outermost of some nodes: those that are in no other of them. */
export function outermostOf(nodes: ReadonlySet<Node>): Node[] {
  return [...nodes].filter((node) => ![...nodes].some((other) => other !== node && isInside(node, other)));
}
