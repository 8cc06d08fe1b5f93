/**
 * Writes the `try` statement that creates the strategy in place of the `try` statement that wrapped the model. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { BuildSite } from '../assess/build-sites.js';
import type { WrapRemoval } from '../plan/remove-wraps.js';
import type { TSESTree } from '@typescript-eslint/types';

import { applyEdits } from '../../../edits/apply-edits.js';
import { isInside, type Node } from '../../syntax/syntax-tree.js';

/** The names and expressions to write. */
export interface FallbackNames {
  readonly strategy: string;
  readonly creation: string;
  readonly getStrategy: string;
  readonly semicolon: string;
}

export function fallbackText(
  statement: TSESTree.TryStatement,
  { at }: BuildSite,
  { statements }: WrapRemoval,
  { strategy, creation, getStrategy, semicolon }: FallbackNames,
  source: JavaScriptSource,
): string {
  const [offset] = statement.range;
  const replace = (node: Node, text: string): TextEdit => ({
    start: node.range[0] - offset,
    end: node.range[1] - offset,
    text,
  });
  const wrapping = statement.block.body.filter((each) => isInside(at, each));
  // The handler assigned the plain model; now it assigns the default strategy.
  const plain = (statement.handler?.body.body ?? []).filter((each) => statements.has(each));
  const edits = [
    ...wrapping.map((each) => replace(each, `${strategy} = ${creation}${semicolon}`)),
    ...plain.map((each) => replace(each, `${strategy} = ${getStrategy}()${semicolon}`)),
  ];
  const declaration =
    plain.length > 0 ? `let ${strategy}${semicolon}` : `let ${strategy} = ${getStrategy}()${semicolon}`;
  return `${declaration}\n${applyEdits(source.text.slice(...statement.range), edits)}`;
}
