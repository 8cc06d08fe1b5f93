/**
 * Checks that programs compute the same before and after their migration: runs the old text with the removed APIs, and
 * the new text without them. Writes files in a temporary folder, and starts Python.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { MAIN_FILE, writeProgram } from './write-program.js';

/** @import { Choices } from './choices-table.js' */
/** @import { ScriptRun, ScriptSide, ScriptsToRun } from '../../dist/verify/run-scripts.js' */
/** @import { FileResult } from '../../dist/codemods/result.js' */
/** @import { MigrateOptions } from '../../dist/codemods/engine.js' */
/** @import { VerifyRunResult } from '../../dist/verify/verify-run.js' */

/** @typedef {Pick<VerifyRunResult, 'outcome' | 'message' | 'stderrTail'>} Comparison */

/**
 * @typedef {object} Tools The parts of mirrorscope that the check uses, from a build or from the sources.
 * @property {(path: string, text: string, options: MigrateOptions) => Promise<FileResult>} migrateText - Migrates.
 * @property {() => NonNullable<MigrateOptions['files']>} createSourceFiles - Reads the files of a project.
 * @property {(run: ScriptsToRun) => Promise<ScriptRun[]>} runScripts - Runs scripts.
 * @property {(before: ScriptRun, after: ScriptRun, tolerance: number) => Comparison} compareRuns - Compares losses.
 */

/**
 * @typedef {object} Checked What became of one program.
 * @property {Choices} choices - The choices of the program.
 * @property {'same' | 'refused' | 'reported' | 'different' | 'unusable'} verdict - `refused`: left as it is.
 *   `reported`: trains in another way, and the report says so. `unusable`: the old program itself does not run.
 * @property {string} message - What differs, or why it was refused.
 * @property {Map<string, string>} before - The old texts.
 * @property {Map<string, string>} after - The new texts.
 */

const DEVICES = 2;
const MAX_STEPS = 200;
/** Milliseconds for the programs of one process. */
const TIMEOUT = 1_800_000;
const TOLERANCE = 1e-4;
/** How many programs one Python process runs. Models of earlier programs take memory. */
const PROGRAMS_PER_PROCESS = 60;

/**
 * Checks programs.
 * @param {readonly Choices[]} all - The choices of each program.
 * @param {Tools} tools - What to check.
 * @param {string} python - The interpreter, with TensorFlow.
 * @returns {Promise<Checked[]>} One result for each program.
 */
export async function checkPrograms(all, tools, python) {
  const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-semantics-'));
  try {
    const programs = [];
    for (const [index, choices] of all.entries())
      programs.push(await migrateProgram(choices, path.join(folder, String(index)), tools));
    const runs = new Map();
    for (const version of ['3', '2']) {
      const ofVersion = programs.filter(({ choices, error }) => choices.version === version && error === undefined);
      // Two processes at a time: the old programs, and the new ones.
      await Promise.all(
        /** @type {const} */ (['before', 'after']).map(async (side) => {
          const scripts = ofVersion.flatMap((program) => program.scripts.filter((script) => script.side === side));
          for (let start = 0; start < scripts.length; start += PROGRAMS_PER_PROCESS) {
            const part = scripts.slice(start, start + PROGRAMS_PER_PROCESS);
            const results = await tools.runScripts({
              python,
              side,
              scripts: part,
              devices: DEVICES,
              steps: MAX_STEPS,
              timeout: TIMEOUT,
              environment: version === '2' ? { TF_USE_LEGACY_KERAS: '1' } : {},
            });
            part.forEach((script, index) => runs.set(script.path, results[index]));
          }
        }),
      );
    }
    return programs.map((program) => ({
      ...judge(program, runs, tools),
      choices: program.choices,
      before: program.before,
      after: program.after,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @typedef {object} MigratedProgram A program before and after its migration, on disk.
 * @property {Choices} choices - The choices of the program.
 * @property {Map<string, string>} before - The old texts.
 * @property {Map<string, string>} after - The new texts.
 * @property {string | undefined} error - What the migration itself reports as its own failure.
 * @property {string[]} refusals - Why calls were refused.
 * @property {boolean} reportsLoss - Whether the report says that a loss returns one number for a whole batch.
 * @property {{ path: string, root: string, side: ScriptSide }[]} scripts - What to run.
 */

/**
 * @param {Choices} choices - The choices of a program.
 * @param {string} folder - A folder for its files.
 * @param {Tools} tools - What to check.
 * @returns {Promise<MigratedProgram>} The program.
 */
async function migrateProgram(choices, folder, tools) {
  const before = writeProgram(choices);
  const original = path.join(folder, 'before');
  writeTexts(original, before);
  const files = tools.createSourceFiles();
  const after = new Map(before);
  const refusals = [];
  let reportsLoss = false;
  let error;
  for (const [name, text] of before) {
    const result = await tools.migrateText(name, text, { root: original, files });
    if (result.error !== undefined) error = `${result.error.code}: ${result.error.message}`;
    if (result.output !== undefined) after.set(name, result.output);
    reportsLoss ||= result.findings.some(({ message }) => /one number for a whole batch/.test(message));
    refusals.push(
      ...result.findings
        .filter(({ disposition, migration }) => disposition === 'refuse' && migration === 'multi-gpu-model')
        .map(({ reason, message, start }) => `${reason ?? ''} (${name}:${start.line}): ${message}`),
    );
  }
  /** @type {MigratedProgram['scripts']} */
  const scripts = [{ path: path.join(original, MAIN_FILE), root: original, side: 'before' }];
  const isChanged = [...after].some(([name, text]) => text !== before.get(name));
  if (isChanged) {
    const root = path.join(folder, 'after');
    writeTexts(root, after);
    // What was refused still needs the old function.
    scripts.push({ path: path.join(root, MAIN_FILE), root, side: refusals.length === 0 ? 'after' : 'before' });
  }
  return { choices, before, after, error, refusals, reportsLoss, scripts };
}

/**
 * @param {string} folder - A new folder.
 * @param {ReadonlyMap<string, string>} texts - Texts, by file name.
 */
function writeTexts(folder, texts) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of texts) writeFileSync(path.join(folder, name), text);
}

/**
 * @param {MigratedProgram} program - A program.
 * @param {ReadonlyMap<string, ScriptRun>} runs - The runs, by path of the script.
 * @param {Tools} tools - What to check.
 * @returns {Pick<Checked, 'verdict' | 'message'>} What became of it.
 */
function judge({ error, refusals, reportsLoss, scripts, after }, runs, tools) {
  if (error !== undefined) return { verdict: 'different', message: error };
  const [first, second] = scripts;
  const before = first && runs.get(first.path);
  if (first === undefined || before?.outcome !== 'finished')
    return { verdict: 'unusable', message: `${before?.error?.message ?? ''}\n${before?.error?.traceback ?? ''}` };
  const isLeft = [...after.values()].some((text) => /multi_gpu_model\(|make_parallel\(/.test(text));
  if (refusals.length === 0 && isLeft)
    return { verdict: 'different', message: 'a call is neither migrated nor reported' };
  const refused = /** @type {const} */ ({ verdict: 'refused', message: refusals.join('\n') });
  if (second === undefined) return refused;
  const later = runs.get(second.path);
  if (later === undefined) return { verdict: 'different', message: 'the new program did not run' };
  const compared = tools.compareRuns(before, later, TOLERANCE);
  if (compared.outcome === 'different' && reportsLoss) return { verdict: 'reported', message: compared.message };
  if (compared.outcome !== 'same')
    return { verdict: 'different', message: `${compared.message}\n${compared.stderrTail}` };
  const difference = resultDifference(first.root, second.root);
  if (difference !== undefined) return { verdict: 'different', message: difference };
  return refusals.length > 0 ? refused : { verdict: 'same', message: '' };
}

/**
 * Compares what the programs noted themselves: weights, predictions, and what callbacks saw.
 * @param {string} before - The folder of the old program.
 * @param {string} after - The folder of the new program.
 * @returns {string | undefined} A difference.
 */
function resultDifference(before, after) {
  const [old, now] = [before, after].map((root) => {
    const file = path.join(root, 'result.json');
    return existsSync(file) ? readFileSync(file, 'utf8') : 'nothing';
  });
  if (old === undefined || now === undefined) return undefined;
  const numbers = (/** @type {string} */ text) =>
    [...text.matchAll(/-?\d[\d.e+-]*|NaN|Infinity/g)].map(([number]) => Number(number));
  const [first, second] = [numbers(old), numbers(now)];
  const isSame =
    first.length === second.length &&
    first.every(
      (number, index) => Math.abs(number - (second[index] ?? NaN)) <= TOLERANCE * 10 * Math.max(1, Math.abs(number)),
    );
  return isSame ? undefined : `the program noted ${old} before, and ${now} after`;
}
