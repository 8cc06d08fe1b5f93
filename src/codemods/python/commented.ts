/** The comments of Python that stay when their code goes. Pure. */
import type { CommentedText } from '../edits/keep-comments.js';
import type { PythonSource } from './syntax/source.js';

import { isPragma } from './edit/kept-comment.js';
import { statementStart } from './mark.js';

/** The comments of a text. */
export function commentedPython(source: PythonSource): CommentedText {
  return {
    text: source.text,
    style: '#',
    comments: () =>
      source.nodes
        .filter((node) => node.type === 'comment' && !isPragma(source.textOf(node)))
        .map((node) => ({ text: source.textOf(node).replace(/^#+/, ''), start: node.start, end: node.end })),
    statementStart: (offset) => statementStart(source.root, offset),
  };
}
