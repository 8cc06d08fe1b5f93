/** A parsed Python text with its lines. Pure data and look-ups; no analysis. */
import type { Position } from '../../result.js';

import { codeText } from './code-text.js';
import { descendants, type PyNode } from './node.js';

/** One Python text: the text, its tree, and where its lines begin. */
export class PythonSource {
  /** `\r\n` when the first line ends so, else `\n`. */
  readonly newline: string;
  readonly #parse: () => PyNode;
  #root: PyNode | undefined;
  #nodes: readonly PyNode[] | undefined;
  #lineStarts: readonly number[] | undefined;
  #indentUnit: string | undefined;
  #code: string | undefined;

  /** @param parse Called when the tree is first asked for: many a text is passed over on a look at its imports. */
  constructor(
    readonly path: string,
    readonly text: string,
    parse: () => PyNode,
    /** Offsets at which a part of the text begins that has to stay apart: the cells of a notebook. */
    readonly boundaries: readonly number[] = [],
  ) {
    this.#parse = parse;
    this.newline = text.charAt(text.indexOf('\n') - 1) === '\r' ? '\r\n' : '\n';
  }

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

  get lineStarts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let index = this.text.indexOf('\n'); index !== -1; index = this.text.indexOf('\n', index + 1))
        starts.push(index + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }

  /** One level of indentation in this file's own style. */
  get indentUnit(): string {
    this.#indentUnit ??= indentUnitOf(this.root, this.text);
    return this.#indentUnit;
  }

  /** Whether two offsets stand in the same cell; always so in a plain file. */
  sameCell(a: number, b: number): boolean {
    return !this.boundaries.some((boundary) => boundary > Math.min(a, b) && boundary <= Math.max(a, b));
  }

  textOf(node: PyNode): string {
    return this.text.slice(node.start, node.end);
  }

  /** 0-based number of the line that holds an offset. */
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

  lineStart(line: number): number {
    return this.lineStarts[line] ?? this.text.length;
  }

  /** The line without its line break. */
  lineText(line: number): string {
    return this.text.slice(this.lineStart(line), this.lineStart(line + 1)).replace(/\r?\n$/, '');
  }

  /** The white space that a line begins with. */
  indentation(line: number): string {
    return /^[ \t\f]*/.exec(this.lineText(line))?.[0] ?? '';
  }

  position(offset: number): Position {
    const line = this.lineAt(offset);
    return { offset, line: line + 1, column: offset - this.lineStart(line) + 1 };
  }

  /** The places that the grammar could not make sense of. */
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
    for (let index = node.children.length - 1; index >= 0; index--) stack.push(node.children[index] as PyNode);
  }
  return '    ';
}

function indentationBefore(text: string, offset: number): string | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset);
  return /^[ \t\f]*$/.test(before) ? before : undefined;
}
