/** One Python text with its tree and its lines. Pure. */
import type { Position } from '../../result.js';

import { codeText } from './code-text.js';
import { descendants, type PyNode } from './node.js';

/** One Python text: the text, its tree, and where its lines begin. */
export class PythonSource {
  /** `\r\n` when the first line ends with it, else `\n`. */
  readonly newline: string;
  readonly #parse: () => PyNode;
  #root: PyNode | undefined;
  #nodes: readonly PyNode[] | undefined;
  #lineStarts: readonly number[] | undefined;
  #indentUnit: string | undefined;
  #code: string | undefined;
  readonly #derived = new Map<unknown, unknown>();

  /**
   * Creates a source.
   *
   * @param path - The path, for messages.
   * @param text - The text, without byte-order mark.
   * @param parse - Parses the text. Called on first use of the tree, because many texts are skipped unparsed.
   * @param boundaries - The offsets at which parts begin that must stay apart: the cells of a notebook.
   */
  constructor(
    readonly path: string,
    readonly text: string,
    parse: () => PyNode,
    readonly boundaries: readonly number[] = [],
  ) {
    this.#parse = parse;
    this.newline = text.charAt(text.indexOf('\n') - 1) === '\r' ? '\r\n' : '\n';
  }

  /** The root of the tree. */
  get root(): PyNode {
    this.#root ??= this.#parse();
    return this.#root;
  }

  /** Every node, parents first, in source order. */
  get nodes(): readonly PyNode[] {
    return (this.#nodes ??= [...descendants(this.root)]);
  }

  /** The text without comments and strings; see {@link codeText}. */
  get code(): string {
    return (this.#code ??= codeText(this.text));
  }

  /**
   * Computes a value from this source once and shares it between migrations.
   *
   * @param compute - Must depend on the source alone; its identity is the key.
   * @returns The value, the same at every call.
   */
  derived<Value>(compute: (source: PythonSource) => Value): Value {
    if (!this.#derived.has(compute)) this.#derived.set(compute, compute(this));
    return this.#derived.get(compute) as Value;
  }

  /** The offset of the start of every line. */
  get lineStarts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      this.#lineStarts = [0, ...lineEnds(this.text)];
    }
    return this.#lineStarts;
  }

  /** One level of indentation in the style of this file. */
  get indentUnit(): string {
    this.#indentUnit ??= indentUnitOf(this.root, this.text);
    return this.#indentUnit;
  }

  /** Whether two offsets are in the same cell; always true in a plain file. */
  sameCell(a: number, b: number): boolean {
    return !this.boundaries.some((boundary) => boundary > Math.min(a, b) && boundary <= Math.max(a, b));
  }

  /** The text of a node. */
  textOf(node: PyNode): string {
    return this.text.slice(node.start, node.end);
  }

  /** The number of the line that contains an offset, starting at 0. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The offset of the start of a line; the end of the text for a line after the last one. */
  lineStart(line: number): number {
    return this.lineStarts[line] ?? this.text.length;
  }

  /** The line without its line break. */
  lineText(line: number): string {
    return this.text.slice(this.lineStart(line), this.lineStart(line + 1)).replace(/\r?\n$|\r$/, '');
  }

  /** The white space at the start of a line. */
  indentation(line: number): string {
    return /^[ \t\f]*/.exec(this.lineText(line))?.[0] ?? '';
  }

  /** Whether a line begins inside a string of several lines, so that its white space belongs to the string. */
  isInString(line: number): boolean {
    return this.derived(linesInsideStrings).has(line);
  }

  /** The position of an offset; lines and columns start at 1. */
  position(offset: number): Position {
    const line = this.lineAt(offset);
    return { offset, line: line + 1, column: offset - this.lineStart(line) + 1 };
  }

  /** The nodes that the grammar could not read. */
  syntaxErrors(): PyNode[] {
    const errors: PyNode[] = [];
    const visit = (node: PyNode): void => {
      if (node.type === 'ERROR' || node.type === 'MISSING') errors.push(node);
      else for (const child of node.children) visit(child);
    };
    visit(this.root);
    return errors;
  }
}

/** The offsets after the line breaks. For Python, a carriage return alone is one as well. */
function lineEnds(text: string): number[] {
  const ends: number[] = [];
  if (text.includes('\r')) for (const { index, 0: end } of text.matchAll(/\r?\n|\r/g)) ends.push(index + end.length);
  else for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends.push(at + 1);
  return ends;
}

function indentUnitOf(root: PyNode, text: string): string {
  const stack: PyNode[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === 'block' && node.parent !== undefined) {
      const inner = indentationBefore(text, node.start);
      const outer = indentationBefore(text, node.parent.start);
      if (inner !== undefined && outer !== undefined && inner.startsWith(outer) && inner.length > outer.length) {
        return inner.slice(outer.length);
      }
    }
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child !== undefined) stack.push(child);
    }
  }
  return '    ';
}

function indentationBefore(text: string, offset: number): string | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset);
  return /^[ \t\f]*$/.test(before) ? before : undefined;
}

function linesInsideStrings(source: PythonSource): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const node of source.nodes) {
    if (node.type !== 'string') continue;
    const last = source.lineAt(node.end);
    for (let line = source.lineAt(node.start) + 1; line <= last; line++) lines.add(line);
  }
  return lines;
}
