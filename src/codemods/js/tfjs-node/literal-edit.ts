/** Replaces the value of a string literal, and keeps its quotes. Pure. */
import type { TextEdit } from '../../result.js';
import type { Node } from '../syntax/syntax-tree.js';

export function literalEdit(text: string, literal: Node, value: string): TextEdit {
  const quote = text.charAt(literal.range[0]);
  return { start: literal.range[0], end: literal.range[1], text: quote + value + quote };
}
