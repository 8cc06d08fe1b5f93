/** Joins the code cells of a notebook into one Python text that can be mapped back to the JSON. Pure. */
import type { PythonSource } from '../python/syntax/source.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { isStackOverflow, nestedTooDeeply } from '../nested-too-deeply.js';

import { type JsonString, type JsonValue, readJson } from './json-strings.js';
import { asPython } from './magics.js';

/** One JSON string of a cell's source: all of it, or one line. */
export interface SourcePiece {
  /** The offset of its text in the Python text. */
  readonly start: number;
  readonly json: JsonString;
  /** Whether the cell's source is a list of lines. */
  readonly listed: boolean;
  /** Whether it is the first one of its cell. */
  readonly first: boolean;
  /** Whether it is the last one of its cell. */
  readonly last: boolean;
}

/** The code of a notebook. */
export interface NotebookCode {
  readonly path: string;
  readonly text: string;
  readonly pieces: readonly SourcePiece[];
  /** The code of all cells as one Python text. */
  readonly code: string;
  /** The offsets in the code at which cells begin. */
  readonly boundaries: readonly number[];
}

/** A parsed notebook. */
export interface NotebookSource extends Pick<NotebookCode, 'path' | 'text' | 'pieces'> {
  readonly python: PythonSource;
}

/**
 * Reads a notebook.
 *
 * @param path - The path, for messages.
 * @param text - The JSON text.
 * @param parse - Parses the joined code; `boundaries` are the offsets at which cells begin.
 * @returns The notebook.
 * @throws {MirrorscopeError} `SYNTAX` when the text is not JSON.
 */
export function readNotebook(
  path: string,
  text: string,
  parse: (text: string, boundaries: readonly number[]) => PythonSource,
): NotebookSource {
  const { pieces, code, boundaries } = readNotebookCode(path, text);
  return { path, text, pieces, python: parse(code, boundaries) };
}

/**
 * Joins the code cells of a notebook.
 *
 * @param path - The path, for messages.
 * @param text - The JSON text.
 * @returns The code, and where it stands in the JSON.
 * @throws {MirrorscopeError} `SYNTAX` when the text is not JSON.
 */
export function readNotebookCode(path: string, text: string): NotebookCode {
  let root: JsonValue;
  try {
    root = readJson(text);
  } catch (cause) {
    if (isStackOverflow(cause)) throw nestedTooDeeply(cause);
    throw new MirrorscopeError(
      ErrorCode.Syntax,
      `${path} is not a notebook: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  const pieces: SourcePiece[] = [];
  const boundaries: number[] = [];
  let code = '';
  for (const cell of codeCells(root)) {
    boundaries.push(code.length);
    const strings =
      cell.kind === 'array'
        ? cell.items.filter((item) => item.kind === 'string')
        : cell.kind === 'string'
          ? [cell]
          : [];
    const start = code.length;
    let cellText = '';
    strings.forEach((json, index) => {
      pieces.push({
        start: start + cellText.length,
        json,
        listed: cell.kind === 'array',
        first: index === 0,
        last: index === strings.length - 1,
      });
      cellText += json.value;
    });
    code += asPython(cellText);
    if (!code.endsWith('\n')) code += '\n';
  }
  return { path, text, pieces, code, boundaries };
}

/** The `source` of every code cell; `input` in notebooks of format 3. */
function codeCells(root: JsonValue): JsonValue[] {
  const found: JsonValue[] = [];
  const lists = [member(root, 'cells'), ...items(member(root, 'worksheets')).map((sheet) => member(sheet, 'cells'))];
  for (const cell of lists.flatMap(items)) {
    const type = member(cell, 'cell_type');
    if (type?.kind !== 'string' || type.value !== 'code') continue;
    const source = member(cell, 'source') ?? member(cell, 'input');
    if (source !== undefined) found.push(source);
  }
  return found;
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return value?.kind === 'object' ? value.members.get(name) : undefined;
}

function items(value: JsonValue | undefined): readonly JsonValue[] {
  return value?.kind === 'array' ? value.items : [];
}
