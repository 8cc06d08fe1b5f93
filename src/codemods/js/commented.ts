/** The comments of JavaScript that stay when their code goes. Pure. */
import type { CommentedText } from '../edits/keep-comments.js';
import type { JavaScriptSource } from './syntax/parse.js';

import { statementStartAt } from './mark.js';

/** Matches comments that only tell a tool about the code beside them. */
const DIRECTIVE = /^[\s*]*(?:@ts-(?:ignore|expect-error)|eslint-|prettier-ignore|c8 ignore|istanbul ignore)/;

/** Whether a comment means nothing without the code beside it. */
export function isDirective(words: string): boolean {
  return DIRECTIVE.test(words);
}

/** The comments of a file. */
export function commentedJavaScript(source: JavaScriptSource): CommentedText {
  return {
    text: source.text,
    style: '//',
    comments: () =>
      (source.ast.comments ?? [])
        .filter(({ value }) => !isDirective(value))
        .map(({ value, range: [start, end] }) => ({ text: value, start, end })),
    statementStart: (offset) => statementStartAt(source, offset),
  };
}
