/**
 * Keeps the comments of code that goes. The planners put comments where they belong; what none of them writes again
 * goes above the statement that it was in. Pure.
 */
import type { Plan, TextEdit } from '../result.js';
import type { SourceComment } from '../suppressions/suppression.js';

import { indentAt } from './newlines.js';

/** The comments of a text, and where others can be written. */
export interface CommentedText {
  readonly text: string;
  readonly style: '//' | '#';
  /** All comments but those that mean nothing without the code beside them. */
  comments(): readonly SourceComment[];
  /** Where the statement around an offset begins. */
  statementStart(offset: number): number;
}

const MAY_HAVE_COMMENTS = /#|\/[/*]/;
/** Fewer characters may also be in the new text by chance. */
const MIN_WORDS = 4;

/** The same plan, whose changes lose no comment. */
export function keepComments(plan: Plan, source: CommentedText): Plan {
  if (plan.changes.length === 0) return plan;
  return {
    ...plan,
    changes: plan.changes.map((change) => {
      const lost = lostComments(source, change.edits);
      // Other insertions at the same place may end with the new indentation of the line, so they come last.
      return lost.length === 0
        ? change
        : { ...change, edits: [...insertions(source, change.edits, lost), ...change.edits] };
    }),
  };
}

/** The comments that the edits remove and do not write again. */
function lostComments(source: CommentedText, edits: readonly TextEdit[]): SourceComment[] {
  const removed = edits.filter(({ start, end }) => MAY_HAVE_COMMENTS.test(source.text.slice(start, end)));
  if (removed.length === 0) return [];
  const written = edits.map(({ text }) => normalized(text));
  return source.comments().filter((comment) => {
    if (!removed.some(({ start, end }) => start <= comment.start && comment.end <= end)) return false;
    const whole = normalized(source.text.slice(comment.start, comment.end));
    const words = normalized(comment.text);
    const searched = words.length < MIN_WORDS ? whole : words;
    const index = written.findIndex((text) => text.includes(searched));
    if (index !== -1) written[index] = written[index]?.replace(searched, () => '') ?? '';
    return index === -1;
  });
}

function normalized(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function insertions(source: CommentedText, edits: readonly TextEdit[], lost: readonly SourceComment[]): TextEdit[] {
  return lost.map((comment) => {
    const at = placeFor(source, edits, comment.start);
    const words = source.text.slice(comment.start, comment.end).trimEnd();
    const lineStart = source.text.lastIndexOf('\n', at - 1) + 1;
    const isAlone = source.style === '#' || source.text.slice(lineStart, at).trim() === '';
    const isAfterCode = /\S/.test(source.text.charAt(at - 1));
    const block = asBlock(words, comment);
    if (!isAlone) return { start: at, end: at, text: isAfterCode ? ` ${block}` : `${block} ` };
    return { start: lineStart, end: lineStart, text: `${indentAt(source.text, at)}${words}\n` };
  });
}

/** A comment that can be followed by code. */
function asBlock(words: string, { text }: SourceComment): string {
  return words.startsWith('//') ? `/*${text.replaceAll('*/', '* /')} */` : words;
}

/** A place outside of what the edits replace, as close above the comment as possible. */
function placeFor(source: CommentedText, edits: readonly TextEdit[], offset: number): number {
  const { text, style } = source;
  let at = source.statementStart(offset);
  for (;;) {
    const lineStart = text.lastIndexOf('\n', at - 1) + 1;
    if (style === '#' || text.slice(lineStart, at).trim() === '') {
      const outer = edits.find(({ start, end }) => start < lineStart && lineStart < end);
      if (outer === undefined) return at;
      at = outer.start;
    } else {
      const outer = edits.find(({ start, end }) => start < at && at < end);
      if (outer === undefined) return at;
      at = outer.start;
    }
  }
}
