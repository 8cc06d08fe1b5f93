/**
 * Collects changes to a Python text in terms of lines (indent, delete, insert before) and of ranges,
 * and turns them into edits that do not overlap. Text inside multi-line strings is never re-indented.
 */
import { type TextEdit } from '../../result.js';
import { type PyNode, descendants } from '../syntax/node.js';
import { type PythonSource } from '../syntax/source.js';

interface Insertion {
  readonly text: string;
  /** Levels deeper than the line that it stands before. */
  readonly level: number;
}

/** Line-based edits of one text. Nothing is changed until {@link LineEditor.edits} is called. */
export class LineEditor {
  readonly #indents = new Map<number, number>();
  readonly #dedents = new Map<number, number>();
  readonly #deleted = new Set<number>();
  readonly #insertions = new Map<number, Insertion[]>();
  readonly #replacements: TextEdit[] = [];
  readonly #stringLines: Set<number>;

  constructor(readonly source: PythonSource) {
    this.#stringLines = linesInsideStrings(source);
  }

  /** Moves lines one level deeper. */
  indent(first: number, last: number): void {
    for (let line = first; line <= last; line++) this.#indents.set(line, (this.#indents.get(line) ?? 0) + 1);
  }

  /** Takes a number of white-space characters from the start of lines. */
  dedent(first: number, last: number, characters: number): void {
    for (let line = first; line <= last; line++) this.#dedents.set(line, (this.#dedents.get(line) ?? 0) + characters);
  }

  deleteLines(first: number, last: number): void {
    for (let line = first; line <= last; line++) this.#deleted.add(line);
  }

  isDeleted(line: number): boolean {
    return this.#deleted.has(line);
  }

  /** Puts a line before another, indented as that one will be, `level` levels deeper. */
  insertBefore(line: number, text: string, level = 0): void {
    const list = this.#insertions.get(line);
    if (list === undefined) this.#insertions.set(line, [{ text, level }]);
    else list.push({ text, level });
  }

  replace(start: number, end: number, text: string): void {
    this.#replacements.push({ start, end, text });
  }

  /** Removes the lines of a statement but leaves a comment that ends them, on a line of its own. */
  deleteStatement(statement: PyNode): void {
    const { source } = this;
    const first = source.lineAt(statement.start);
    const last = source.lineAt(statement.end);
    const before = source.text.slice(source.lineStart(first), statement.start);
    const after = source.text.slice(statement.end, source.lineStart(last + 1));
    const comment = /^[ \t]*;?[ \t]*(#[^\r\n]*)/.exec(after)?.[1];
    if (/\S/.test(before) || /^[ \t]*;[ \t]*[^\s#]/.test(after)) {
      const tail = /^[ \t]*;[ \t]*/.exec(after)?.[0].length ?? 0;
      const head = tail > 0 ? 0 : (/[ \t]*;?[ \t]*$/.exec(before)?.[0].length ?? 0);
      this.replace(statement.start - head, statement.end + tail, '');
      return;
    }
    if (comment !== undefined && !/^#\s*(noqa|pylint|type:|pragma)/i.test(comment)) {
      this.replace(statement.start, statement.end + after.indexOf('#'), '');
      return;
    }
    this.deleteLines(first, last);
  }

  /** All changes as edits of the original text, sorted, without overlap. */
  edits(): TextEdit[] {
    const edits: TextEdit[] = [];
    const lines = new Set([...this.#indents.keys(), ...this.#dedents.keys(), ...this.#deleted, ...this.#insertions.keys()]);
    for (const line of [...lines].sort((a, b) => a - b)) this.#lineEdits(line, edits);
    for (const replacement of this.#replacements) {
      if (!this.#deleted.has(this.source.lineAt(replacement.start))) edits.push(replacement);
    }
    return edits.sort((a, b) => a.start - b.start || a.end - b.end);
  }

  #lineEdits(line: number, edits: TextEdit[]): void {
    const { source } = this;
    const start = source.lineStart(line);
    const original = source.indentation(line);
    const final = this.#finalIndentation(line);
    let inserted = '';
    for (const { text, level } of this.#insertions.get(line) ?? []) {
      inserted += text === '' ? source.newline : `${final}${source.indentUnit.repeat(level)}${text}${source.newline}`;
    }
    if (inserted !== '' && start === source.text.length && start > 0 && !source.text.endsWith('\n')) {
      inserted = source.newline + inserted;
    }
    if (this.#deleted.has(line)) {
      edits.push({ start, end: source.lineStart(line + 1), text: inserted });
      return;
    }
    const blank = source.lineText(line).trim() === '';
    const moves = !blank && !this.#stringLines.has(line) && final !== original;
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

  #finalIndentation(line: number): string {
    const original = this.source.indentation(line);
    const rest = original.slice(Math.min(this.#dedents.get(line) ?? 0, original.length));
    return this.source.indentUnit.repeat(this.#indents.get(line) ?? 0) + rest;
  }
}

function linesInsideStrings(source: PythonSource): Set<number> {
  const lines = new Set<number>();
  for (const node of descendants(source.root)) {
    if (node.type !== 'string') continue;
    const last = source.lineAt(node.end);
    for (let line = source.lineAt(node.start) + 1; line <= last; line++) lines.add(line);
  }
  return lines;
}
