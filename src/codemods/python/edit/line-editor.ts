/**
 * Collects changes of lines (indent, delete, insert) and of ranges, and turns them into edits that do not overlap.
 * Never changes the indentation inside multi-line strings. Pure.
 */
import type { TextEdit } from '../../result.js';
import type { PyNode } from '../syntax/node.js';
import type { PythonSource } from '../syntax/source.js';

import { withoutSharedSeparators } from '../../edits/shared-separators.js';
import { separatorBefore } from '../../edits/space-before.js';

import { afterFormFeed, indentUnitAt } from './indent-unit.js';
import { keptComments } from './kept-comment.js';

interface Insertion {
  readonly text: string;
  /** The indentation to use in place of that of the line below. */
  readonly base: string | undefined;
  /**
   * How many levels of added indentation apply to this line: those that the line below has at the time of the
   * insertion.
   */
  readonly indents: number;
}

/** One level of indentation that a line gets. */
interface Level {
  readonly unit: string;
  /**
   * Where a block is indented with tabs and spaces, the level comes after both: in front of them, Python could not
   * compare it with the lines around the block.
   */
  readonly base: string;
}

/** Line-based edits of one text. Nothing is changed until {@link LineEditor.edits} is called. */
export class LineEditor {
  /** The white space that each line gets, one entry for each level. */
  readonly #indents = new Map<number, Level[]>();
  readonly #dedents = new Map<number, number>();
  readonly #columns = new Map<number, number>();
  readonly #deleted = new Set<number>();
  readonly #insertions = new Map<number, Insertion[]>();
  readonly #replacements: TextEdit[] = [];

  constructor(readonly source: PythonSource) {}

  /** Moves lines one level deeper. */
  indent(first: number, last: number): void {
    const unit = indentUnitAt(this.source, first, last);
    const own = this.source.indentation(first);
    const level = { unit, base: /\t/.test(own) && / /.test(own) ? own : '' };
    for (let line = first; line <= last; line++) this.#indents.set(line, [...(this.#indents.get(line) ?? []), level]);
  }

  /** Removes a number of white-space characters from the start of lines. */
  dedent(first: number, last: number, characters: number): void {
    for (let line = first; line <= last; line++) this.#dedents.set(line, (this.#dedents.get(line) ?? 0) + characters);
  }

  /** Removes whole lines. */
  deleteLines(first: number, last: number): void {
    for (let line = first; line <= last; line++) this.#deleted.add(line);
  }

  /** Whether a line is removed. */
  isDeleted(line: number): boolean {
    return this.#deleted.has(line);
  }

  /**
   * Inserts a line above another one, with the current indentation of that line; indenting that line later does not
   * move it.
   */
  insertBefore(line: number, text: string): void {
    this.#insert(line, { text, base: undefined, indents: this.#indents.get(line)?.length ?? 0 });
  }

  /** Inserts a line above another one that is indented together with it; `base` replaces the common indentation. */
  insertAbove(line: number, text: string, base?: string): void {
    this.#insert(line, { text, base, indents: Number.POSITIVE_INFINITY });
  }

  #insert(line: number, insertion: Insertion): void {
    const list = this.#insertions.get(line);
    if (list === undefined) this.#insertions.set(line, [insertion]);
    else list.push(insertion);
  }

  /** Moves a continuation line by as many columns as the line that it is aligned with. */
  realign(line: number, columns: number): void {
    this.#columns.set(line, (this.#columns.get(line) ?? 0) + columns);
  }

  /** Replaces a range; the same replacement counts once. */
  replace(start: number, end: number, text: string): void {
    if (this.#replacements.some((other) => other.start === start && other.end === end && other.text === text)) return;
    this.#replacements.push({ start, end, text });
  }

  /** Removes the lines of a statement, but keeps a comment at their end on a line of its own. */
  deleteStatement(statement: PyNode): void {
    const { source } = this;
    const first = source.lineAt(statement.start);
    const last = source.lineAt(statement.end);
    const before = source.text.slice(source.lineStart(first), statement.start);
    const after = source.text.slice(statement.end, source.lineStart(last + 1));
    if (/\S/.test(before) || /^[ \t]*;[ \t]*[^\s#]/.test(after)) {
      const tail = /^[ \t]*;[ \t]*/.exec(after)?.[0].length ?? 0;
      const head = tail > 0 ? 0 : separatorBefore(before, before.length);
      this.replace(statement.start - head, statement.end + tail, '');
      return;
    }
    const [comment] = keptComments(source, statement.end, source.lineStart(last + 1));
    if (comment === undefined) this.deleteLines(first, last);
    else this.replace(statement.start, statement.end + after.indexOf('#'), '');
  }

  /** Removes the lines of a header such as `try:`, but keeps the comments in them on lines of their own. */
  deleteHeader(first: number, last = first): void {
    const { source } = this;
    for (const comment of keptComments(source, source.lineStart(first), source.lineStart(last + 1)))
      this.insertAbove(first, comment, source.indentation(first));
    this.deleteLines(first, last);
  }

  /** All changes as edits of the original text, sorted, without overlap. */
  edits(): TextEdit[] {
    const edits: TextEdit[] = [];
    this.#collapseBlankLines();
    const lines = new Set([
      ...this.#indents.keys(),
      ...this.#dedents.keys(),
      ...this.#columns.keys(),
      ...this.#deleted,
      ...this.#insertions.keys(),
    ]);
    for (const line of [...lines].sort((a, b) => a - b)) this.#lineEdits(line, edits);
    for (const replacement of this.#replacements) {
      if (this.#replacements.some((other) => other !== replacement && covers(other, replacement))) continue;
      if (!this.#deleted.has(this.source.lineAt(replacement.start))) edits.push(replacement);
    }
    return withoutSharedSeparators(
      this.source.text,
      edits.sort((a, b) => a.start - b.start || a.end - b.end),
    );
  }

  #lineEdits(line: number, edits: TextEdit[]): void {
    const { source } = this;
    const start = source.lineStart(line);
    const original = source.indentation(line);
    const rest = original.slice(Math.min(this.#dedents.get(line) ?? 0, original.length));
    const final = this.#finalIndentation(line, rest);
    let inserted = '';
    for (const { text, base, indents } of this.#insertions.get(line) ?? []) {
      const levels = (this.#indents.get(line) ?? []).slice(0, indents);
      inserted += text === '' ? source.newline : `${withLevels(levels, base ?? rest)}${text}${source.newline}`;
    }
    if (inserted !== '' && start > 0 && start === source.text.length && !source.text.endsWith('\n')) {
      inserted = source.newline + inserted;
    }
    if (this.#deleted.has(line)) {
      edits.push({ start, end: source.lineStart(line + 1), text: inserted });
      return;
    }
    // The line is inside a replaced statement, and its indentation goes with it.
    if (inserted === '' && this.#replacements.some((replaced) => replaced.start < start && start < replaced.end))
      return;
    const blank = source.lineText(line).trim() === '';
    const moves = !blank && !source.isInString(line) && final !== original;
    if (!moves) {
      if (inserted !== '') edits.push({ start, end: start, text: inserted });
    } else if (final.endsWith(original)) {
      edits.push({ start, end: start, text: inserted + final.slice(0, final.length - original.length) });
    } else if (original.endsWith(final)) {
      edits.push({ start, end: start + original.length - final.length, text: inserted });
    } else {
      edits.push({ start, end: start + original.length, text: inserted + final });
    }
  }

  #finalIndentation(line: number, rest: string): string {
    const columns = this.#columns.get(line) ?? 0;
    const aligned = columns >= 0 ? rest + ' '.repeat(columns) : rest.slice(0, Math.max(0, rest.length + columns));
    return withLevels(this.#indents.get(line) ?? [], aligned);
  }

  /** Removes one of two blank lines that a deletion brings together. */
  #collapseBlankLines(): void {
    const { source } = this;
    const isBlank = (line: number): boolean => source.lineText(line).trim() === '';
    for (const line of [...this.#deleted].sort((a, b) => a - b)) {
      if (this.#deleted.has(line + 1) || line + 1 >= source.lineStarts.length - 1 || !isBlank(line + 1)) continue;
      let before = line;
      let inserted = false;
      while (before >= 0 && this.#deleted.has(before)) {
        inserted ||= this.#insertions.has(before);
        before--;
      }
      if (before < 0 || inserted) continue;
      if (isBlank(before) || source.lineText(before).trimEnd().endsWith(':')) this.#deleted.add(line + 1);
    }
  }
}

/** An indentation with more levels. What stands before a form feed does not count. */
function withLevels(levels: readonly Level[], indentation: string): string {
  const counted = afterFormFeed(indentation);
  const indented = levels.reduce(
    (text, { unit, base }) => (text.startsWith(base) ? base + unit + text.slice(base.length) : unit + text),
    counted,
  );
  return indentation.slice(0, indentation.length - counted.length) + indented;
}

/** Whether one replacement removes the text that another one changes. */
function covers(outer: TextEdit, inner: TextEdit): boolean {
  return outer.start <= inner.start && inner.end <= outer.end && outer.end - outer.start > inner.end - inner.start;
}
