/**
 * The results of migrations, shared by all front ends: command line, reports, ESLint rules, jscodeshift. Types only.
 */
import type { RefusalReason } from './refusal-reason.js';

/**
 * A position in a text.
 *
 * @example
 * ```ts
 * const start: Position = { offset: 0, line: 1, column: 1 };
 * ```
 */
export interface Position {
  /** In UTF-16 code units from the start of the text, without the byte-order mark. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

/**
 * What was decided about a finding. `rewrite`: the code changes. `refuse`: it is a deprecated use that cannot be
 * rewritten safely here. `report`: a person has to rewrite it. `warn`: a rewrite needs something from the project, such
 * as a newer version of a library.
 */
export type Disposition = 'rewrite' | 'refuse' | 'report' | 'warn';

/**
 * One deprecated use, and what was decided about it.
 *
 * @example
 * ```ts
 * for (const { start, message, reason } of result.findings) console.log(start.line, reason ?? 'rewritten', message);
 * ```
 */
export interface Finding {
  /** The migration that found it, e.g. `multi-gpu-model`. */
  readonly migration: string;
  /** The catalogue's name for the API, e.g. `tf.loadModel`. */
  readonly api: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What the migration does about it. */
  readonly disposition: Disposition;
  /** Set if and only if the disposition is `refuse`. */
  readonly reason?: RefusalReason;
  /** Where it begins in the original text. */
  readonly start: Position;
  /** Where it ends; exclusive. */
  readonly end: Position;
}

/** Replaces the text between two offsets of the original text; equal offsets insert. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits that belong together: all are applied or none. */
export interface Change {
  readonly findings: readonly Finding[];
  readonly edits: readonly TextEdit[];
  /** What the user has to know or do because of the change. A second run cannot find these again. */
  readonly consequences?: readonly Finding[];
  /** The edits of this change in other files, by absolute path. */
  readonly otherFiles?: ReadonlyMap<string, readonly TextEdit[]>;
  /** `safe`: behaviour is provably the same, so a lint rule can fix it. Otherwise a lint rule only suggests it. */
  readonly safety: 'safe' | 'suggestion';
}

/** What one migration plans for one file. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Findings that are refused or only reported. */
  readonly findings: readonly Finding[];
  /** Findings that cannot be decided before the changes are applied. The engine then plans the file again. */
  readonly waiting?: readonly Finding[];
  /** What keeps a finding from being rewritten: it stays by decision where a comment leaves that out. */
  readonly blockedBy?: ReadonlyMap<Finding, Finding>;
}

/**
 * Why a file could not be handled: a `MirrorscopeError` as plain data.
 *
 * @example
 * ```ts
 * if (result.error?.code === 'SYNTAX') console.error(result.error.message, result.error.hint);
 * ```
 */
export interface FileError {
  /** A value of `ErrorCode`. */
  readonly code: string;
  /** What went wrong, in one sentence or a few. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
}

/**
 * The outcome for one file.
 *
 * @example
 * ```ts
 * const { status, output } = await migrateText('train.py', text);
 * if (status === 'changed' && output !== undefined) await writeFile('train.py', output);
 * ```
 */
export interface FileResult {
  /** Relative to the root of the run, with forward slashes. */
  readonly path: string;
  /** `failed` if and only if `error` is set. */
  readonly status: 'unchanged' | 'changed' | 'failed';
  /** What the migrations found, at positions in the original text. */
  readonly findings: readonly Finding[];
  /** The new text, with its byte-order mark; set if and only if `status` is `changed`. */
  readonly output?: string;
  /** The findings that are left in the output, at positions in it; only where `status` is `changed`. */
  readonly remaining?: readonly Finding[];
  /** Why the file failed. */
  readonly error?: FileError;
}
