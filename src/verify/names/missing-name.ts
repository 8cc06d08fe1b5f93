/** A name that a program uses and that the installed packages do not have. Types only. */
import type { Position } from '../../codemods/result.js';

/** One use of such a name. */
export interface MissingName {
  /** The path of the file, as it was given. */
  readonly path: string;
  /** The dotted name, `Class.attribute`, or `name(argument=)`. */
  readonly name: string;
  /** What is missing where, and what replaces it if that is known. One or two sentences. */
  readonly message: string;
  readonly start: Position;
  /** Exclusive. */
  readonly end: Position;
}

/** A text to check. */
export interface CheckedText {
  /** With forward slashes. Its extension tells a notebook from a program. */
  readonly path: string;
  readonly text: string;
}
