/**
 * Runs every JavaScript migration on one file, and checks what no migration may do. Each plans every file, even without
 * a match of the prefilter.
 */
import { migrateText } from '../../dist/codemods/engine.js';
import { javascript } from '../../dist/codemods/js/language.js';
import { DEFAULT_OPTIONS } from '../../dist/codemods/options.js';

/** @import { MigrationContext } from '../../dist/codemods/migration.js' */

/**
 * @typedef {object} ReplayedFile What became of a file.
 * @property {boolean} isUnparsable - Whether the parser refused it.
 * @property {boolean} importsLegacyModule - Whether it names a module that a migration knows.
 * @property {number} findings - How many uses the migrations report.
 * @property {boolean} isChanged - Whether the migrations change it.
 * @property {string[]} violations - What should not have happened.
 */

/** Finds the modules that migrations know without a parser, as a second opinion. */
const LEGACY_MODULE =
  /['"`](?:@tensorflow\/[^'"`]+|keras(?:-js)?(?:\/[^'"`]*)?|tfjs[^'"`]*|deeplearn[^'"`]*|mirrorscope(?:\/[^'"`]*)?)['"`]/;

/** @type {MigrationContext} */
const CONTEXT = { ...DEFAULT_OPTIONS, files: undefined, absolutePath: undefined, acrossFiles: false };

/**
 * Parses a file.
 * @param {string} file - Path; decides the dialect.
 * @param {string} text - Text, with or without a byte-order mark.
 */
const parse = (file, text) => javascript.parse(file, text.replace(/^\uFEFF/, ''), CONTEXT);

/**
 * Tells whether the parser refused a file, as opposed to crashing.
 * @param {unknown} error - What it threw.
 */
const isSyntaxError = (error) => error instanceof Error && 'code' in error && error.code === 'SYNTAX';

/**
 * Describes a crash.
 * @param {unknown} error - What was thrown.
 */
const stackOf = (error) => (error instanceof Error ? error.stack : String(error));

/**
 * Replays one file.
 * @param {string} file - Path to show.
 * @param {string} text - Text of the file.
 * @returns {Promise<ReplayedFile>} What became of it.
 */
export async function replayFile(file, text) {
  /** @type {string[]} */
  const violations = [];
  const importsLegacyModule = LEGACY_MODULE.test(text);
  let source;
  try {
    source = parse(file, text);
  } catch (error) {
    if (!isSyntaxError(error)) violations.push(`the parser crashed: ${stackOf(error)}`);
    return { isUnparsable: true, importsLegacyModule, findings: 0, isChanged: false, violations };
  }
  for (const migration of javascript.migrations) {
    try {
      const { changes } = migration.plan(source, CONTEXT);
      if (changes.length > 0 && !importsLegacyModule)
        violations.push(`${migration.name} changes a file that imports no legacy module`);
    } catch (error) {
      violations.push(`${migration.name} crashed: ${stackOf(error)}`);
    }
  }
  const { status, error, output, findings } = await migrateText(file, text);
  if (error !== undefined && error.code !== 'SYNTAX') violations.push(error.message);
  if (output !== undefined) {
    try {
      parse(file, output);
    } catch (problem) {
      violations.push(`the output does not parse: ${stackOf(problem)}`);
    }
  }
  return {
    isUnparsable: false,
    importsLegacyModule,
    findings: findings.length,
    isChanged: status === 'changed',
    violations,
  };
}
