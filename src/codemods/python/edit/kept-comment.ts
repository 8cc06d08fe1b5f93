/** Tells which comments stay when the code beside them is removed. Pure. */
import type { PythonSource } from '../syntax/source.js';

/** Words to tools about the code of the line, which mean nothing without it. */
const PRAGMA = /^#\s*(?:noqa|pylint|type:|pragma|mirrorscope:)/i;

/** Whether a comment means nothing without the code beside it. */
export function isPragma(comment: string): boolean {
  return PRAGMA.test(comment);
}

/**
 * The comments in a part of a text that stay although their code goes.
 *
 * @param source - The text.
 * @param start - Where the part begins.
 * @param end - Where it ends.
 * @returns The comments, in source order, without those that only make sense beside the code.
 */
export function keptComments(source: PythonSource, start: number, end: number): string[] {
  if (!source.text.slice(start, end).includes('#')) return [];
  return source.nodes
    .filter((node) => node.type === 'comment' && start <= node.start && node.start < end)
    .map((node) => source.textOf(node).trimEnd())
    .filter((comment) => !isPragma(comment));
}
