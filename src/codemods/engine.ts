/**
 * The programming interface of the codemods: migrates one text or the bytes of one file. Reads other files only through
 * {@link SourceFiles}; writes none.
 */
import type { MigrationEnvironment, SourceFiles } from './migration.js';
import type { FileResult } from './result.js';

import { decodeUtf8, splitByteOrderMark } from './edits/encoded-text.js';
import { failedResult } from './failed-result.js';
import { migrateWith } from './migrate-with.js';
import { DEFAULT_OPTIONS, type KerasTarget, type StrategyTarget } from './options.js';
import { matchesNeedles } from './prefilter.js';
import { languageOf } from './registry.js';
import { isSelected } from './selection.js';

/** Options of {@link migrateText} and {@link migrateBytes}; all are optional. */
export interface MigrateOptions {
  /** Names of the migrations to run. Default: all that are not opt-in. */
  readonly only?: readonly string[] | undefined;
  /**
   * Whether to leave a `TODO(mirrorscope)` comment at each finding that is refused or only reported. Default: false.
   */
  readonly mark?: boolean | undefined;
  /** Additional modules that export the deprecated names, as written in imports. Default: none. */
  readonly modules?: readonly string[] | undefined;
  /** Absolute path of the folder that the paths of files are relative to. Needed, with `files`, to read other files. */
  readonly root?: string | undefined;
  /** The Keras that migrated Python code imports. Default: `auto`, what the project requires, otherwise `tf-keras`. */
  readonly kerasTarget?: KerasTarget | undefined;
  /** The strategy that takes the place of `multi_gpu_model` and `multiGpuModel`. Default: `mirrored`. */
  readonly strategy?: StrategyTarget | undefined;
  /** Other names under which files of the project re-export what the migrations look for. Default: none. */
  readonly reExportedNames?: readonly string[] | undefined;
  /** Reads other files of the project. Without it, each file is migrated on its own. */
  readonly files?: SourceFiles | undefined;
}

/**
 * Migrates the text of one file. The new text parses, and a second run does not change it. Starts no process: unlike
 * `mirrorscope migrate`, it does not let an installed Python compile new Python text. Do so before you keep the text,
 * for example with `python3 -m py_compile`.
 *
 * @example
 * ```ts
 * const text = "import { multiGpuModel } from 'keras-js';\nconst model = multiGpuModel(build(), 2);\n";
 * const { status, output } = await migrateText('train.js', text, { only: ['multi-gpu-model'] });
 * ```
 *
 * @param path - Relative to the root; the extension decides the language.
 * @param text - The text, with its byte-order mark if it has one.
 * @param options - What to run, and how.
 * @returns The result. A file that cannot be handled has the status `failed` and no output; nothing is thrown for it.
 */
export async function migrateText(path: string, text: string, options: MigrateOptions = {}): Promise<FileResult> {
  return migrateTextIn(migrationEnvironment(options), path, text);
}

/**
 * Migrates the bytes of one file, like {@link migrateText}.
 *
 * @example
 * ```ts
 * const { status, error } = await migrateBytes('train.py', await readFile('train.py'));
 * if (status === 'failed') console.error(error?.message);
 * ```
 *
 * @param path - Relative to the root; the extension decides the language.
 * @param bytes - The content of the file.
 * @param options - What to run, and how.
 * @returns The result. Bytes that are not UTF-8 fail with the code `ENCODING`.
 */
export async function migrateBytes(path: string, bytes: Uint8Array, options: MigrateOptions = {}): Promise<FileResult> {
  let text: string;
  try {
    text = decodeUtf8(bytes, path);
  } catch (error) {
    return failedResult(path, error);
  }
  return migrateText(path, text, options);
}

/**
 * Migrates the text of one file with normalized options.
 *
 * @param environment - The options of the run.
 * @param path - Relative to the root; the extension decides the language.
 * @param text - The text, with its byte-order mark if it has one.
 * @returns The result.
 */
export async function migrateTextIn(
  environment: MigrationEnvironment,
  path: string,
  text: string,
): Promise<FileResult> {
  const entry = languageOf(path);
  const { migrations, reExportedNames } = environment;
  const { body } = splitByteOrderMark(text);
  const hasWork = entry?.migrations.some(
    (migration) => isSelected(migration, migrations) && matchesNeedles(migration, body, reExportedNames),
  );
  if (entry === undefined || hasWork !== true) return { path, status: 'unchanged', findings: [] };
  return migrateWith(await entry.load(), path, text, environment);
}

/**
 * Normalizes the options of the programming interface. The only place that knows their defaults.
 *
 * @param options - The options of a caller.
 * @returns Options without gaps.
 */
export function migrationEnvironment({ only, files, ...options }: MigrateOptions): MigrationEnvironment {
  return {
    root: options.root,
    migrations: only ?? DEFAULT_OPTIONS.migrations,
    mark: options.mark ?? DEFAULT_OPTIONS.mark,
    modules: options.modules ?? DEFAULT_OPTIONS.modules,
    kerasTarget: options.kerasTarget ?? DEFAULT_OPTIONS.kerasTarget,
    strategy: options.strategy ?? DEFAULT_OPTIONS.strategy,
    reExportedNames: options.reExportedNames ?? DEFAULT_OPTIONS.reExportedNames,
    files,
  };
}
