/** What a migration and a language are, seen from the engine. Types only. */
import type { Needle } from './needle.js';
import type { Finding, Plan, TextEdit } from './result.js';

/** `tf-keras`: TensorFlow's Keras; `keras3`: standalone Keras 3; `auto`: what the project declares. */
export const KERAS_TARGETS = ['auto', 'tf-keras', 'keras3'] as const;
export type KerasTarget = (typeof KERAS_TARGETS)[number];

export type LanguageName = 'javascript' | 'python' | 'notebook';

/** A text as far as it is known before it is parsed. */
export interface TextLook {
  readonly text: string;
  /** The text without what cannot be code. */
  code(): string;
  /** Absolute path of the file, when it has one. */
  readonly absolutePath: string | undefined;
}

/** What can be said about a migration without loading its parser. */
export interface MigrationInfo {
  /** Stable name, as in `--only multi-gpu-model`; unique within a language. */
  readonly name: string;
  /** One sentence for `mirrorscope list`. */
  readonly description: string;
  readonly language: LanguageName;
  /** A file that meets none of these conditions has nothing for this migration and is never parsed. */
  readonly needles: readonly Needle[];
  /** A closer look at a decoded text that meets one, still before it is parsed; false only where there is nothing. */
  readonly hint?: (look: TextLook) => boolean;
  /** Set when it only acts in a project of which some file of the language holds this string. */
  readonly projectNeedle?: string;
  /** Set when it follows names through the modules of a project, which may hand them on under others. */
  readonly followsReExports?: true;
  /** Set when it runs only where it is named: what it finds works as it is, and changing it is a choice. */
  readonly optIn?: true;
  /** What is left for people to do outside the code once it has rewritten something; one sentence or a few. */
  readonly followUp?: string;
  /** Set when its changes may reach into other files, where the context allows it. */
  readonly acrossFiles?: true;
}

/** Reads files beside the one that is migrated. The engine has no other access to a file system. */
export interface SourceFiles {
  /** The text of a file, or `undefined` when there is none. Paths are absolute. */
  read(path: string): string | undefined;
  isDirectory(path: string): boolean;
  /** The names in a folder, when folders can be listed. */
  list?(path: string): readonly string[];
}

/** What a migration may know beside the source itself. */
export interface MigrationContext {
  /** Modules, beside those that a migration knows, from which the deprecated names may come. */
  readonly modules: readonly string[];
  /** Absolute path of the file, when it has one. */
  readonly absolutePath: string | undefined;
  /** Absolute path of the folder of the run, when there is one. */
  readonly root?: string | undefined;
  /** Which Keras Python code shall import; `auto` when left out. */
  readonly kerasTarget?: KerasTarget | undefined;
  /** Other files of the project, when they may be looked at. */
  readonly files: SourceFiles | undefined;
  /** Whether changes may reach into other files. */
  readonly acrossFiles: boolean;
  /** Names under which files of the project hand on what migrations look for. */
  readonly otherNames?: readonly string[] | undefined;
}

/** Finds the uses of one deprecated API in a parsed file and plans what becomes of each. Pure. */
export interface Migration<Source> extends MigrationInfo {
  plan(source: Source, context: MigrationContext): Plan;
}

/** A language as the engine needs it: how to parse, what to run, where to leave a comment. */
export interface LanguageSupport<Source> {
  readonly language: LanguageName;
  readonly migrations: readonly Migration<Source>[];
  /**
   * @param path decides the dialect; used in messages
   * @param text without byte-order mark
   * @throws MirrorscopeError `SYNTAX`
   */
  parse(path: string, text: string): Source;
  /** Edits that leave a `TODO(mirrorscope)` comment at each finding; none where it stands already. */
  mark(source: Source, findings: readonly Finding[]): TextEdit[];
}
