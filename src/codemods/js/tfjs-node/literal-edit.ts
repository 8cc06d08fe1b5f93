/** Another value between the quotes of a string. Pure. */
import type { TextEdit } from '../../result.js';
import type { Node } from '../syntax/syntax-tree.js';

export function literalEdit(text: string, literal: Node, value: string): TextEdit {
  const quote = text[literal.range[0]]!;
  return { start: literal.range[0], end: literal.range[1], text: quote + value + quote };
}
