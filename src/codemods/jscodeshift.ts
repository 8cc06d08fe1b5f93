/**
/**
 * The entry point `mirrorscope/jscodeshift`: the JavaScript migrations as a transform for jscodeshift's runner.
 * It edits ranges of the text and uses neither jscodeshift's parser nor its printer. Pure.
 */
import type { StrategyTarget } from './options.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { migrationEnvironment } from './engine.js';
import { asException } from './failed-result.js';
import { javascript } from './js/language.js';
import { migrateWith } from './migrate-with.js';
import { STRATEGY_TARGETS } from './options.js';

/**
 * The file that jscodeshift's runner passes to a transform.
 * @example
 * ```js
 * const file = { path: 'src/train.js', source: "import { multiGpuModel } from 'keras-js';" };
 * ```
 */
export interface JscodeshiftFile {
  /** The path of the file; its ending decides between JavaScript and TypeScript. */
  readonly path: string;
  /** The text of the file. */
  readonly source: string;
}

/**
 * The part of jscodeshift's API that the transform uses.
 * @example
 * ```js
 * const api = { report: (message) => console.log(message) };
 * ```
 */
export interface JscodeshiftApi {
  /** Counts findings for the runner's summary. */
  readonly stats?: (name: string, quantity?: number) => void;
  /** Prints a message about code that the transform leaves as it is. */
  readonly report?: (message: string) => void;
}

/**
 * Options of the runner's command line.
 * @example
 * ```sh
 * npx jscodeshift --no-babel -t node_modules/mirrorscope/dist/codemods/jscodeshift.js \
 *   --only=multi-gpu-model --mark --modules=keras-fork --extensions=js,ts src
 * ```
 */
export interface JscodeshiftOptions {
  /** Names of migrations, separated by commas. */
  readonly only?: string;
  /** Whether to add a `TODO(mirrorscope)` comment to code that the transform leaves as it is. */
  readonly mark?: boolean | string;
  /** More modules that export the deprecated names, separated by commas. */
  readonly modules?: string;
  /** The strategy of migrated code: `mirrored`, the default, or `multi-worker`. */
  readonly strategy?: string;
  readonly [option: string]: unknown;
}

/**
 * Migrates one file for jscodeshift, whose runner calls the default export of a transform. Pass `--no-babel` to the
 * runner; it would otherwise compile this package, which consists of ES modules, to CommonJS.
 *
 * @param file - The file that the runner has read.
 * @param api - Receives counts and messages for the runner's output.
 * @param options - Which migrations to run, and whether to mark what is left.
 * @returns The new text; `undefined` if the file does not change.
 * @throws {MirrorscopeError} `SYNTAX` if the file does not parse, `INTERNAL` if a migration writes a wrong result. The
 *   runner counts both as errors and keeps the file.
 * @example
 * ```sh
 * npx jscodeshift --no-babel -t node_modules/mirrorscope/dist/codemods/jscodeshift.js --extensions=js,ts src
 * ```
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
    strategy: strategyNamed(options.strategy),
  });
  const result = migrateWith(javascript, file.path, file.source, environment);
  if (result.error !== undefined) throw asException(result.error);
  for (const { disposition, start, message } of result.findings) {
    api?.stats?.(`mirrorscope: ${disposition}`);
    if (disposition !== 'rewrite') api?.report?.(`${file.path}:${start.line}:${start.column} ${message}`);
  }
  return result.output;
}

/** @throws {MirrorscopeError} `USAGE` for a name that is not known. */
function strategyNamed(name: string | undefined): StrategyTarget | undefined {
  const strategy = STRATEGY_TARGETS.find((known) => known === name);
  if (name !== undefined && strategy === undefined)
    throw new MirrorscopeError(ErrorCode.Usage, `Unknown strategy ${name}.`, {
      hint: `The strategies are: ${STRATEGY_TARGETS.join(', ')}.`,
    });
  return strategy;
}

function listOf(value: string | undefined): string[] | undefined {
  return typeof value === 'string' && value !== '' ? value.split(',') : undefined;
}
