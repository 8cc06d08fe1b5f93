/**
 * The same migrations as a transform for jscodeshift's runner, for teams who have it:
 * `npx jscodeshift --no-babel -t node_modules/mirrorscope/dist/codemods/jscodeshift.js --extensions=js,ts src`.
 * Without `--no-babel` the runner would compile this package, which is ES modules, to CommonJS.
 * jscodeshift's own parser and printer are not used: edits are byte ranges, as everywhere.
 */
import type { ErrorCode } from '../errors/error-code.js';

import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { migrateWith } from './engine.js';
import { javascript } from './js/language.js';

/** The file that jscodeshift hands over. */
export interface JscodeshiftFile {
  readonly path: string;
  readonly source: string;
}

/** The part of jscodeshift's API that is used. */
export interface JscodeshiftApi {
  /** Counts for the runner's summary. */
  readonly stats?: (name: string, quantity?: number) => void;
  readonly report?: (message: string) => void;
}

/** Options of the command line: `--only=multi-gpu-model --mark --modules=keras-fork`. */
export interface JscodeshiftOptions {
  /** Names of migrations, separated by commas. */
  readonly only?: string;
  /** Leave a `TODO(mirrorscope)` comment at each place that is left. */
  readonly mark?: boolean | string;
  /** More modules that have the deprecated names, separated by commas. */
  readonly modules?: string;
  readonly [option: string]: unknown;
}

/**
 * Migrates one file for jscodeshift, whose runner takes the default export.
 * @returns the new text, or `undefined` when the file stays as it is
 * @throws MirrorscopeError when the file cannot be parsed; the runner counts it as an error
 */
export default function transform(
  file: JscodeshiftFile,
  api?: JscodeshiftApi,
  options: JscodeshiftOptions = {},
): string | undefined {
  const result = migrateWith(javascript, file.path, file.source, {
    only: listOf(options.only),
    modules: listOf(options.modules),
    mark: options.mark === true || options.mark === 'true',
  });
  if (result.error !== undefined)
    throw new MirrorscopeError(result.error.code as ErrorCode, result.error.message, { hint: result.error.hint });
  for (const { disposition, start, message } of result.findings) {
    api?.stats?.(`mirrorscope: ${disposition}`);
    if (disposition !== 'rewrite') api?.report?.(`${file.path}:${start.line}:${start.column} ${message}`);
  }
  return result.output;
}

function listOf(value: string | undefined): string[] | undefined {
  return typeof value === 'string' && value !== '' ? value.split(',') : undefined;
}
