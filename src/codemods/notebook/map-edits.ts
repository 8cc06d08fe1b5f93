/** Converts edits and positions of the joined Python text to the JSON of the notebook. Pure. */
import type { Finding, Plan, Position, TextEdit } from '../result.js';
import type { Suppression } from '../suppressions/suppression.js';
import type { NotebookSource, SourcePiece } from './source.js';

/** Converts a plan to offsets in the notebook. */
export function mapPlan(source: NotebookSource, plan: Plan): Plan {
  const lines = lineStarts(source.text);
  const finding = (original: Finding): Finding => ({
    ...original,
    start: position(lines, rawOffset(source, original.start.offset, 'start')),
    end: position(lines, rawOffset(source, original.end.offset, 'end')),
  });
  return {
    changes: plan.changes.map((change) => ({
      ...change,
      findings: change.findings.map(finding),
      ...(change.consequences === undefined ? {} : { consequences: change.consequences.map(finding) }),
      edits: mapEdits(source, change.edits),
    })),
    findings: plan.findings.map(finding),
  };
}

/** Converts edits of the Python text to edits of the notebook. */
export function mapEdits(source: NotebookSource, edits: readonly TextEdit[]): TextEdit[] {
  return withoutSharedLineBreaks(
    edits.map((edit) => mapEdit(source, endsBeforeRemovedEnd(source, edit, edits) ? withoutLineBreak(edit) : edit)),
  );
}

/** Whether a new line is followed by the removal of all that comes after it in its cell. */
function endsBeforeRemovedEnd(source: NotebookSource, edit: TextEdit, edits: readonly TextEdit[]): boolean {
  if (edit.start === edit.end || !edit.text.endsWith('\n')) return false;
  return edits.some(({ start, end, text }) => {
    if (start !== edit.end || end <= start || text !== '') return false;
    const [first, last] = [pieceAt(source, start), pieceAt(source, end - 1)];
    return last.last && end >= last.start + last.json.value.length && start === first.start && !first.first;
  });
}

/** The removal takes the line break with it: the last line of a cell has none. */
function withoutLineBreak({ start, end, text }: TextEdit): TextEdit {
  return { start, end: end - 1, text: text.slice(0, -1) };
}

/** Two neighbours that both go at the end of a cell remove the line break between them once. */
function withoutSharedLineBreaks(edits: readonly TextEdit[]): TextEdit[] {
  return edits.map((edit) => {
    const before = edits.find(
      (other) => other.text === '' && other.start < edit.start && edit.start < other.end && other.end <= edit.end,
    );
    return before === undefined ? edit : { ...edit, start: before.end };
  });
}

function mapEdit(source: NotebookSource, { start, end, text }: TextEdit): TextEdit {
  const first = pieceAt(source, start);
  const last = end === start ? first : pieceAt(source, end - 1);
  let from = offsetIn(first, start);
  const cellEnd = last.start + last.json.value.length;
  const endsCell = last.last && end >= cellEnd;
  let to: number;
  if (end === start) to = from;
  else if (endsCell) to = last.json.offsets.at(-1) ?? from;
  else if (end >= cellEnd) to = nextContent(source, last);
  else to = offsetIn(last, end);
  let inserted = text;
  if (endsCell && end > cellEnd && inserted.endsWith('\n')) inserted = inserted.slice(0, -1);
  if (endsCell && inserted === '' && start === first.start && !first.first) {
    // The last line is removed, so the line before it must not end with a line break.
    const previous = source.pieces[source.pieces.indexOf(first) - 1];
    if (previous?.json.value.endsWith('\n') === true) from = previous.json.offsets.at(-2) ?? from;
  }
  return { start: from, end: to, text: encode(source, first, inserted, to > from && endsCell) };
}

/** The offset of a character of a piece in the notebook. */
function offsetIn(piece: SourcePiece, offset: number): number {
  const index = Math.min(Math.max(offset - piece.start, 0), piece.json.value.length);
  return piece.json.offsets[index] ?? piece.json.end - 1;
}

function nextContent(source: NotebookSource, piece: SourcePiece): number {
  const next = source.pieces[source.pieces.indexOf(piece) + 1];
  return next === undefined ? piece.json.end - 1 : (next.json.offsets[0] ?? next.json.end - 1);
}

/** The piece that contains a character. The line break after a cell belongs to its last piece. */
function pieceAt(source: Pick<NotebookSource, 'pieces'>, offset: number): SourcePiece {
  let found = source.pieces[0];
  for (const piece of source.pieces) {
    if (piece.start > offset) break;
    if (piece.start <= offset && (piece.json.value !== '' || found === undefined)) found = piece;
  }
  if (found === undefined) throw new RangeError('The notebook has no code.');
  return found;
}

/** Encodes text for a JSON string; in a list of lines each line becomes an item. */
function encode(source: NotebookSource, piece: SourcePiece, text: string, atEnd: boolean): string {
  const ascii = !/[^\u0000-\u007f]/.test(source.text);
  const escaped = text.split('\n').map((line) => {
    const literal = JSON.stringify(line).slice(1, -1);
    return ascii
      ? literal.replaceAll(/[^\u0000-\u007f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      : literal;
  });
  if (!piece.listed) return escaped.join('\\n');
  const separator = separatorOf(source, piece);
  const last = escaped.pop() ?? '';
  if (last === '' && atEnd && escaped.length > 0) return `${escaped.join(`\\n"${separator}"`)}\\n`;
  return [...escaped, last].join(`\\n"${separator}"`);
}

/** The text between two lines of a cell: a comma, and white space in the style of the file. */
function separatorOf(source: NotebookSource, piece: SourcePiece): string {
  const index = source.pieces.indexOf(piece);
  const [a, b] = piece.last && !piece.first ? [source.pieces[index - 1], piece] : [piece, source.pieces[index + 1]];
  if (a !== undefined && b !== undefined && !a.last) return source.text.slice(a.json.end, b.json.start);
  const before = /[,[](\s*)$/.exec(source.text.slice(0, piece.json.start))?.[1] ?? '';
  return `,${before}`;
}

/** Converts the ranges of suppressions to offsets in the notebook. */
export function mapSuppression(source: NotebookSource, suppression: Suppression): Suppression {
  const { from, to, start, end } = suppression;
  return {
    ...suppression,
    from: rawOffset(source, from, 'start'),
    to: rawOffset(source, to, 'end'),
    start: rawOffset(source, start, 'start'),
    end: rawOffset(source, end, 'end'),
  };
}

/**
 * Converts an offset in the Python text to a position in the notebook.
 *
 * @param source - The notebook.
 * @param offset - In the joined code.
 * @param side - Whether the position begins or ends something.
 * @returns The position in the JSON text.
 */
export function positionInNotebook(
  source: Pick<NotebookSource, 'pieces' | 'text'>,
  offset: number,
  side: 'start' | 'end',
): Position {
  return position(lineStarts(source.text), rawOffset(source, offset, side));
}

function rawOffset(source: Pick<NotebookSource, 'pieces'>, offset: number, side: 'start' | 'end'): number {
  if (side === 'end' && offset > 0) {
    const piece = pieceAt(source, offset - 1);
    return piece.json.offsets[Math.min(offset - piece.start, piece.json.value.length)] ?? piece.json.end;
  }
  return offsetIn(pieceAt(source, offset), offset);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}

function position(lines: readonly number[], offset: number): Position {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { offset, line: low + 1, column: offset - (lines[low] ?? 0) + 1 };
}
