/** Migrates and lints one text, and says what must never happen but did. Reads no files, except packages. */
import typescriptParser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import ts from 'typescript';

import { migrateText } from '../../dist/codemods/engine.js';
import { parseJavaScript } from '../../dist/codemods/js/syntax/parse.js';
import { readNotebook } from '../../dist/codemods/notebook/source.js';
import { loadPythonParser } from '../../dist/codemods/python/syntax/parser.js';
import plugin from '../../dist/rules/index.js';

/** @import { FuzzInput } from './make-input.js' */

/**
 * @typedef {object} Problem Something that must never happen.
 * @property {'crash' | 'hang' | 'unstable' | 'rejected' | 'lost comment' | 'outside'} kind - What it is.
 * @property {string} detail - How it shows.
 */
/**
 * @typedef {object} Checked What became of an input.
 * @property {Problem[]} problems - What went wrong.
 * @property {'unchanged' | 'changed' | 'failed'} status - What the migration made of it.
 * @property {string} [output] - The new text.
 */

const JAVASCRIPT = /\.[cm]?[jt]sx?$/;
const EVERY_RULE = Object.fromEntries(Object.keys(plugin.rules).map((name) => [`mirrorscope/${name}`, 'error']));
const MAX_SUGGESTIONS = 3;
const MAGIC = /^\s*[!%]/;
/** No input of this many brackets in a row is too deep, so a full stack must have another cause. */
const DEEP = /[([{]{150}/;

const python = await loadPythonParser();

/**
 * Checks one input. Whether Python accepts the output is for the caller to find out.
 * @param {FuzzInput} input - The text.
 * @returns {Promise<Checked>} What became of it.
 */
export async function checkInput({ name, text, mark }) {
  /** @type {Problem[]} */
  const problems = [];
  const { status, error, output } = await migrateText(name, text, { mark });
  if (error !== undefined) problems.push(...problemOf(error, text));
  if (output !== undefined) {
    const again = await migrateText(name, output, { mark });
    if (again.output !== undefined)
      problems.push({ kind: 'unstable', detail: 'the second run changes the text again' });
    if (again.error !== undefined)
      problems.push({ kind: 'rejected', detail: `the second run fails: ${again.error.message}` });
    const lost = lostComment(name, text, output);
    if (lost !== undefined) problems.push({ kind: 'lost comment', detail: lost });
    if (JAVASCRIPT.test(name) && accepts(name, text) && !accepts(name, output))
      problems.push({ kind: 'rejected', detail: 'TypeScript rejects the output' });
  }
  if (JAVASCRIPT.test(name)) problems.push(...lintProblems(name, text));
  if (JAVASCRIPT.test(name) && importsTwice(name, text)) return { problems: problems.filter(isPromiseForAll), status };
  return { problems, status, ...(output !== undefined && { output }) };
}

/**
 * @param {{ code: string, message: string }} error
 * @param {string} text
 * @returns {Problem[]}
 */
function problemOf({ code, message }, text) {
  if (code === 'TOO_LARGE' && message.includes('nested') && !DEEP.test(text))
    return [{ kind: 'crash', detail: message }];
  if (code !== 'INTERNAL') return [];
  if (/does not parse|would not be valid/.test(message)) return [{ kind: 'rejected', detail: message }];
  if (/again|keeps changing/.test(message)) return [{ kind: 'unstable', detail: message }];
  return [{ kind: 'crash', detail: message }];
}

/**
 * Whether a problem counts although no engine would run the text.
 * @param {Problem} problem
 */
function isPromiseForAll({ kind }) {
  return kind === 'crash' || kind === 'hang' || kind === 'outside';
}

/**
 * Whether a text imports two things under one name, which the parsers do not notice.
 * @param {string} name
 * @param {string} text
 */
function importsTwice(name, text) {
  const { statements } = ts.createSourceFile(scriptName(name), text, ts.ScriptTarget.Latest);
  const names = statements.filter(ts.isImportDeclaration).flatMap(({ importClause }) => {
    const bindings = importClause?.namedBindings;
    const named = bindings === undefined ? [] : ts.isNamespaceImport(bindings) ? [bindings] : [...bindings.elements];
    return [importClause?.name, ...named.map((each) => each.name)].flatMap((each) => each?.text ?? []);
  });
  return new Set(names).size < names.length;
}

/**
 * A name under which TypeScript parses JSX as well.
 * @param {string} name
 */
function scriptName(name) {
  return name.replace(/\.([cm]?)jsx?$/, '.$1jsx').replace(/\.[cm]jsx$/, '.jsx');
}

/**
 * Whether TypeScript parses a text.
 * @param {string} name
 * @param {string} text
 */
function accepts(name, text) {
  const file = ts.createSourceFile(scriptName(name), text, ts.ScriptTarget.Latest);
  return /** @type {{ parseDiagnostics: unknown[] }} */ (/** @type {unknown} */ (file)).parseDiagnostics.length === 0;
}

/**
 * The first comment that the output has less often than the input.
 * @param {string} name
 * @param {string} text
 * @param {string} output
 */
function lostComment(name, text, output) {
  const left = commentsOf(name, output);
  for (const comment of commentsOf(name, text)) {
    const at = left.indexOf(comment);
    if (at === -1) return comment;
    left.splice(at, 1);
  }
  return undefined;
}

/**
 * @param {string} name
 * @param {string} text
 * @returns {string[]}
 */
function commentsOf(name, text) {
  const body = text.replace(/^\uFEFF/, '');
  if (JAVASCRIPT.test(name)) return (parseJavaScript(name, body).ast.comments ?? []).map(({ value }) => value.trim());
  if (!name.endsWith('.ipynb')) return commentsIn(python.parse(name, body));
  const notebook = readNotebook(name, body, (code) => python.parse(name, code));
  const magics = notebook.pieces.flatMap(({ json }) => json.value.split('\n').filter((line) => MAGIC.test(line)));
  return [...commentsIn(notebook.python, true), ...magics.map((line) => line.trim())];
}

/**
 * @param {import('../../dist/codemods/python/syntax/source.js').PythonSource} source
 * @param {boolean} [isNotebook] - Whether magics and shell lines stand in the text as comments.
 * @returns {string[]}
 */
function commentsIn(source, isNotebook = false) {
  return source.nodes
    .filter(({ type }) => type === 'comment')
    .filter(({ start }) => !isNotebook || !/(^#!|pass#$|= 0#$)/.test(maskedAround(source.text, start)))
    .map((node) => source.textOf(node).trim());
}

/**
 * What stands directly before a comment in its line, and how the comment begins.
 * @param {string} text
 * @param {number} start
 */
function maskedAround(text, start) {
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start).trimStart();
  return line === '' ? text.slice(start, start + 2) : `${line}#`;
}

/**
 * @param {string} name
 * @param {string} text
 * @returns {Problem[]}
 */
function lintProblems(name, text) {
  const linter = new Linter({ configType: 'flat' });
  const isTyped = /\.[cm]?tsx?$/.test(name);
  /** @type {Linter.Config} */
  const config = {
    files: ['**/*'],
    plugins: { mirrorscope: plugin },
    rules: /** @type {Linter.RulesRecord} */ (EVERY_RULE),
    languageOptions: {
      ...(isTyped && { parser: typescriptParser }),
      parserOptions: { ecmaFeatures: { jsx: true } },
    },
  };
  try {
    const messages = linter.verify(text, [config], { filename: name });
    if (messages.some(({ fatal }) => fatal)) return [];
    if (messages.some(({ fix }) => fix !== undefined)) {
      const { output } = linter.verifyAndFix(text, [config], { filename: name });
      if (isFatal(linter, output, config, name))
        return [{ kind: 'rejected', detail: 'the text does not parse after the fixes of lint' }];
    }
    for (const { suggestions = [] } of messages.slice(0, MAX_SUGGESTIONS))
      for (const { fix } of suggestions) {
        const body = text.replace(/^\uFEFF/, '');
        const suggested = body.slice(0, fix.range[0]) + fix.text + body.slice(fix.range[1]);
        if (isFatal(linter, suggested, config, name))
          return [{ kind: 'rejected', detail: 'the text does not parse after a suggestion of lint' }];
      }
    return [];
  } catch (error) {
    return [
      { kind: 'crash', detail: `lint: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}` },
    ];
  }
}

/**
 * @param {Linter} linter
 * @param {string} text
 * @param {Linter.Config} config
 * @param {string} name
 */
function isFatal(linter, text, config, name) {
  return linter.verify(text, [{ ...config, rules: {} }], { filename: name }).some(({ fatal }) => fatal);
}
