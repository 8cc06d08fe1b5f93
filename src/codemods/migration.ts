/** What the engine knows about a migration and a language. Types only. */
import type { CommentedText } from './edits/keep-comments.js';
import type { Needle } from './needle.js';
import type { MigrationOptions } from './options.js';
import type { Finding, Plan, TextEdit } from './result.js';
import type { Suppression } from './suppressions/suppression.js';

/** The languages that migrations read and write. */
export type LanguageName = 'javascript' | 'python' | 'notebook';

/** What is known about a text before it is parsed. */
export interface UnparsedText {
  readonly text: string;
  /** The text without comments and strings. */
  code(): string;
  /** Absolute path of the file, when it has one. */
  readonly absolutePath: string | undefined;
}

/** What makes a migration act in the files of a project. */
export interface ProjectNeedle {
  /** A string that some file of the project contains. */
  readonly literal: string;
  /** Set when a file also has to match one of these itself. */
  readonly own?: readonly Needle[];
}

/** What is known about a migration without loading its parser. */
export interface MigrationInfo {
  /** Stable name, as in `--only multi-gpu-model`; unique within a language. */
  readonly name: string;
  /** One sentence for `mirrorscope list`. */
  readonly description: string;
  /** The language of the files that it migrates. */
  readonly language: LanguageName;
  /** A file that matches none of these needles is not parsed. */
  readonly needles: readonly Needle[];
  /**
   * A closer check of a text that meets a needle, before it is parsed. False only when the migration finds nothing in
   * it.
   */
  readonly hint?: (text: UnparsedText) => boolean;
  /** Set when the migration only acts in a project in which some file of the language meets one of these. */
  readonly projectNeedles?: readonly ProjectNeedle[];
  /** Set when the migration follows names through re-exports, which can rename them. */
  readonly followsReExports?: true;
  /**
   * Set when the migration runs only if the user names it: the code that it finds still works, and changing it is a
   * choice.
   */
  readonly optIn?: true;
  /** What people have to do outside the code after a rewrite; one sentence or a few. */
  readonly followUp?: string;
  /** Set when its changes can reach into other files, where the context allows it. */
  readonly acrossFiles?: true;
}

/**
 * Reads other files of the project. The engine has no other access to the file system.
 *
 * @example
 * ```ts
 * const files: SourceFiles = {
 *   read: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
 *   isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
 * };
 * ```
 */
export interface SourceFiles {
  /**
   * Reads a file.
   *
   * @param path - Absolute path.
   * @returns The text without byte-order mark, or `undefined` when there is no such file.
   */
  read(path: string): string | undefined;
  /**
   * Whether there is a folder at a path.
   *
   * @param path - Absolute path.
   * @returns False for files and for missing paths.
   */
  isDirectory(path: string): boolean;
  /**
   * Lists a folder. Missing where folders cannot be listed.
   *
   * @param path - Absolute path.
   * @returns The names in the folder.
   */
  list?(path: string): readonly string[];
}

/** The options of a run, with access to the other files of the project. */
export interface MigrationEnvironment extends MigrationOptions {
  /** Other files of the project; `undefined` when a file is migrated on its own. */
  readonly files: SourceFiles | undefined;
}

/** Everything that a migration can use besides the source itself. */
export interface MigrationContext extends MigrationEnvironment {
  /** Absolute path of the file, when it has one. */
  readonly absolutePath: string | undefined;
  /** Whether changes can reach into other files. */
  readonly acrossFiles: boolean;
}

/** Finds the uses of deprecated APIs in a parsed file and plans a change or a refusal for each. Pure. */
export interface Migration<Source> extends MigrationInfo {
  plan(source: Source, context: MigrationContext): Plan;
}

/** What the engine needs from a language: a parser, the migrations, and where to put a comment. */
export interface LanguageSupport<Source> {
  readonly language: LanguageName;
  readonly migrations: readonly Migration<Source>[];
  /**
   * Parses a text.
   *
   * @param path - Decides the dialect; appears in messages.
   * @param text - Without byte-order mark.
   * @param context - The file. A language that reads other files may return a tree that it has already.
   * @returns The source.
   * @throws {MirrorscopeError} `SYNTAX`.
   */
  parse(path: string, text: string, context: MigrationContext): Source;
  /** The comments that leave findings out. */
  suppressions?(source: Source): readonly Suppression[];
  /** The comments that have to stay when their code goes. Missing if the migrations keep them themselves. */
  commented?(source: Source): CommentedText;
  /** Edits that add a `TODO(mirrorscope)` comment at each finding, unless the comment is already there. */
  mark(source: Source, findings: readonly Finding[]): TextEdit[];
}
