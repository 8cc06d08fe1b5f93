// What a replay asks of one file. Each migration plans every file, also those that the literal pre-filter would leave out.
import { migrateText } from '../../dist/codemods/engine.js';
import { javascript } from '../../dist/codemods/js/language.js';

/** Specifiers of the modules that the migrations know, found without a parser: an opinion of its own. */
const OURS =
  /['"`](?:@tensorflow\/[^'"`]+|keras(?:-js)?(?:\/[^'"`]*)?|tfjs[^'"`]*|deeplearn[^'"`]*|mirrorscope(?:\/[^'"`]*)?)['"`]/;

const CONTEXT = { modules: [], absolutePath: undefined, files: undefined, acrossFiles: false };

/**
 * @param {string} file path to show
 * @param {string} text
 * @returns {Promise<{isUnparsable: boolean, importsOurs: boolean, findings: number, isChanged: boolean, violations: string[]}>}
 */
export async function replayFile(file, text) {
  const violations = [];
  const importsOurs = OURS.test(text);
  // Types without code have nothing that runs; they are read all the same.
  let source;
  try {
    source = javascript.parse(file, text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error.code !== 'SYNTAX') violations.push(`the parser crashed: ${error.stack}`);
    return { isUnparsable: true, importsOurs, findings: 0, isChanged: false, violations };
  }
  for (const migration of javascript.migrations) {
    try {
      const { changes } = migration.plan(source, CONTEXT);
      if (changes.length > 0 && !importsOurs)
        violations.push(`${migration.name} changes a file that imports nothing of ours`);
    } catch (error) {
      violations.push(`${migration.name} crashed: ${error.stack}`);
    }
  }
  const result = await migrateText(file, text);
  if (result.status === 'failed' && result.error.code !== 'SYNTAX') violations.push(result.error.message);
  if (result.status === 'changed') {
    try {
      javascript.parse(file, result.output.replace(/^\uFEFF/, ''));
    } catch (error) {
      violations.push(`what it becomes does not parse: ${error.message}`);
    }
  }
  return {
    isUnparsable: false,
    importsOurs,
    findings: result.findings.length,
    isChanged: result.status === 'changed',
    violations,
  };
}
