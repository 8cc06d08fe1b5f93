/** What comments that leave findings out say, and which part of a text they are about. Pure. */
import type { Finding } from '../result.js';

/** A comment of a text. */
export interface SourceComment {
  /** Without delimiters. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A comment that leaves findings out. */
export interface Suppression {
  /** Reasons, names of APIs, or names of migrations. */
  readonly names: readonly string[];
  /** Where findings must begin to be left out. */
  readonly from: number;
  readonly to: number;
  /** The comment. */
  readonly start: number;
  readonly end: number;
  /** Whether it is a comment for ESLint, which itself reports those that are not needed. */
  readonly isForEslint: boolean;
}

/** Whether a text may have such comments. Cheaper than to look at its comments. */
export function mayHaveSuppressions(text: string): boolean {
  return text.includes(PYTHON_WORDS) || text.includes('mirrorscope-ignore') || text.includes('eslint-disable');
}

/** How a comment for Python begins. */
export const PYTHON_WORDS = 'mirrorscope: ignore';

/** Whether a comment leaves out a finding. */
export function leavesOut(suppression: Suppression, finding: Finding): boolean {
  return isAbout(suppression, finding) && suppression.names.some((name) => namesOf(finding).includes(name));
}

/** Whether a finding is in the code that a comment is about. */
export function isAbout({ from, to }: Suppression, { start }: Finding): boolean {
  return start.offset >= from && start.offset < to;
}

/** The names by which a comment can leave out a finding: reason, API, API without its module, migration. */
export function namesOf({ reason, api, migration }: Finding): string[] {
  const bare = api.slice(api.lastIndexOf('.') + 1);
  return [...new Set([...(reason === undefined ? [] : [reason]), api, bare, migration])];
}

const PYTHON_FORM = /^mirrorscope: ignore(?:\[([^\]]*)\])?/;
const JAVASCRIPT_FORM = /^mirrorscope-ignore(?:\s+([^\s*]+))?/;
const ESLINT_FORM = /^eslint-(disable-next-line|disable-line|disable|enable)\s+(\S.*)$/s;

/** The rules of the ESLint plugin, and the migrations whose findings they report. */
const MIGRATIONS_OF_RULES: ReadonlyMap<string, string> = new Map([
  ['mirrorscope/no-multi-gpu-model', 'multi-gpu-model'],
  ['mirrorscope/no-deprecated-imports', 'tfjs-legacy'],
  ['mirrorscope/no-deprecated-members', 'tfjs-legacy'],
  ['mirrorscope/create-model-in-scope', 'create-model-in-scope'],
  ['mirrorscope/prefer-mirrorscope-node', 'tfjs-node'],
]);

/**
 * Reads the comments that leave findings out. One at the end of a line is about that line; one on a line of its own is
 * about the next line of code.
 *
 * @param text - The text of the file.
 * @param comments - Its comments, in source order.
 * @returns The suppressions, in source order.
 */
export function suppressionsIn(text: string, comments: readonly SourceComment[]): Suppression[] {
  return comments.flatMap((comment, index) => {
    const words = comment.text.trim();
    const names = namesIn(words);
    if (names === undefined) return eslintSuppression(text, comment, comments.slice(index + 1));
    return [{ names, ...linesOf(text, comment), start: comment.start, end: comment.end, isForEslint: false }];
  });
}

/** Undefined for other comments. */
function namesIn(words: string): string[] | undefined {
  const match = PYTHON_FORM.exec(words) ?? JAVASCRIPT_FORM.exec(words);
  return match === null ? undefined : listed(match[1] ?? '');
}

function listed(names: string): string[] {
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The line with the code that a comment is about. */
function linesOf(text: string, { start, end }: SourceComment): { from: number; to: number } {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const isAlone = text.slice(line, start).trim() === '';
  if (!isAlone) return { from: line, to: lineEnd(text, start) };
  let from = lineEnd(text, end);
  while (from < text.length && isWithoutCode(text.slice(from, lineEnd(text, from)))) from = lineEnd(text, from);
  return { from, to: lineEnd(text, from) };
}

/** The offset after a line. */
function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}

function isWithoutCode(line: string): boolean {
  const words = line.trim();
  return words === '' || words.startsWith('#') || words.startsWith('//');
}

function eslintSuppression(text: string, comment: SourceComment, later: readonly SourceComment[]): Suppression[] {
  const { start, end } = comment;
  const [kind, names] = eslintRules(comment);
  if (kind === undefined || kind === 'enable' || names.length === 0) return [];
  const shared = { names, start, end, isForEslint: true };
  if (kind === 'disable-line')
    return [{ ...shared, from: text.lastIndexOf('\n', start - 1) + 1, to: lineEnd(text, end) }];
  const next = lineEnd(text, end);
  if (kind === 'disable-next-line') return [{ ...shared, from: next, to: lineEnd(text, next) }];
  const enabled = later.find((other) => {
    const [otherKind, others] = eslintRules(other);
    return otherKind === 'enable' && names.every((name) => others.includes(name));
  });
  return [{ ...shared, from: end, to: enabled?.start ?? text.length }];
}

/** What a comment tells ESLint, and the migrations whose rules it names. */
function eslintRules({ text }: SourceComment): [string | undefined, string[]] {
  const [, kind, rules = ''] = ESLINT_FORM.exec(text.trim()) ?? [];
  const [list = ''] = rules.split(/\s-{2,}\s/);
  return [kind, listed(list).flatMap((rule) => MIGRATIONS_OF_RULES.get(rule) ?? [])];
}
