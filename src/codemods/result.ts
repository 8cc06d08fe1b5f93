/**
 * What a migration says about a file: the words that every front end (CLI, reports, ESLint rules,
 * jscodeshift) shares. Types only.
 */
import type { RefusalReason } from './refusal-reason.js';

/** A place in a text. */
export interface Position {
  /** UTF-16 code units from the start of the text, byte-order mark not counted. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

/**
 * What becomes of a place: rewritten, refused although it is ours, or only reported. A warning is about what a rewrite
 * needs from its surroundings, such as the versions that the project asks for.
 */
export type Disposition = 'rewrite' | 'refuse' | 'report' | 'warn';

/** One deprecated use that was found, and what was decided about it. */
export interface Finding {
  /** The migration that found it, e.g. `multi-gpu-model`. */
  readonly migration: string;
  /** The catalogue's name for the API, e.g. `tf.loadModel`. */
  readonly api: string;
  readonly message: string;
  readonly disposition: Disposition;
  /** Set when and only when the disposition is `refuse`. */
  readonly reason?: RefusalReason;
  readonly start: Position;
  readonly end: Position;
}

/** Replaces the text between two offsets of the original text; equal offsets insert. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Edits that only make sense together: all are applied or none. `otherFiles` holds edits of the
 * same change in other files, keyed by absolute path.
 */
export interface Change {
  readonly findings: readonly Finding[];
  readonly edits: readonly TextEdit[];
  /** What a person has to know or do because of the change, and what a second run can no longer see. */
  readonly consequences?: readonly Finding[];
  readonly otherFiles?: ReadonlyMap<string, readonly TextEdit[]>;
  /** `safe`: behaviour is provably the same, a lint rule may fix; else it only suggests. */
  readonly safety: 'safe' | 'suggestion';
}

/** Everything that one migration wants of one file. Findings without a change stand alone. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Places that are refused or only reported. */
  readonly findings: readonly Finding[];
  /** Places that wait until the changes are applied: the file has to be planned again, and they come back then. */
  readonly waiting?: readonly Finding[];
}

/** Why a file could not be handled; a serialisable form of `MirrorscopeError`. */
export interface FileError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The outcome for one file. */
export interface FileResult {
  /** Relative to the root of the run, with forward slashes. */
  readonly path: string;
  readonly status: 'unchanged' | 'changed' | 'failed';
  readonly findings: readonly Finding[];
  /** The new text, byte-order mark included, when and only when `status` is `changed`. */
  readonly output?: string;
  /** Those of the findings that a run over the output does not find again, with places in the output. */
  readonly consequences?: readonly Finding[];
  readonly error?: FileError;
}
