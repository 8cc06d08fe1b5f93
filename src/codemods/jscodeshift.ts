/**
 * The entry point `mirrorscope/jscodeshift`: the same migrations as a transform for jscodeshift's runner. Pure.
 *
 * `npx jscodeshift --no-babel -t node_modules/mirrorscope/dist/codemods/jscodeshift.js --extensions=js,ts src`
 *
 * Without `--no-babel`, the runner compiles this package, which consists of ES modules, to CommonJS. The transform does not
 * use jscodeshift's parser and printer: like all migrations, it edits ranges of the original text.
 */
import { migrationEnvironment } from './engine.js';
import { asException } from './failed-result.js';
import { javascript } from './js/language.js';
import { migrateWith } from './migrate-with.js';

/** The file that jscodeshift passes in. */
export interface JscodeshiftFile {
  readonly path: string;
  readonly source: string;
}

/** The part of jscodeshift's API that the transform uses. */
export interface JscodeshiftApi {
  /** Counts for the runner's summary. */
  readonly stats?: (name: string, quantity?: number) => void;
  readonly report?: (message: string) => void;
}

/** The options of jscodeshift's command line: `--only=multi-gpu-model --mark --modules=keras-fork`. */
export interface JscodeshiftOptions {
  /** Names of migrations, separated by commas. */
  readonly only?: string;
  /** Leave a `TODO(mirrorscope)` comment at each finding that is refused or only reported. */
  readonly mark?: boolean | string;
  /** Additional modules that export the deprecated names, separated by commas. */
  readonly modules?: string;
  readonly [option: string]: unknown;
}

/**
 * Migrates one file. The default export, as jscodeshift's runner wants it.
 *
 * @param file - The file.
 * @param api - Receives the counts and the findings that are left.
 * @param options - The options of the command line.
 * @returns The new text, or `undefined` when the file does not change.
 * @throws {MirrorscopeError} Any code, when the file cannot be migrated. The runner counts it as an error.
 */
export default function transform(
  file: JscodeshiftFile,
  api?: JscodeshiftApi,
  options: JscodeshiftOptions = {},
): string | undefined {
  const environment = migrationEnvironment({
    only: listOf(options.only),
    modules: listOf(options.modules),
    mark: options.mark === true || options.mark === 'true',
  });
  const result = migrateWith(javascript, file.path, file.source, environment);
  if (result.error !== undefined) throw asException(result.error);
  for (const { disposition, start, message } of result.findings) {
    api?.stats?.(`mirrorscope: ${disposition}`);
    if (disposition !== 'rewrite') api?.report?.(`${file.path}:${start.line}:${start.column} ${message}`);
  }
  return result.output;
}

function listOf(value: string | undefined): string[] | undefined {
  return typeof value === 'string' && value !== '' ? value.split(',') : undefined;
}
