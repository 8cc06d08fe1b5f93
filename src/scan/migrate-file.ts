/**
 * Migrates one file from disk, in this process or in a worker. Reads files; writes none. Never throws: every failure
 * becomes the result of the file.
 */
import type { ReportedFile } from '../report/run-report.js';
import type { RunEnvironment } from './run-environment.js';

import path from 'node:path';

import { migrateTextIn } from '../codemods/engine.js';
import { failedResult } from '../codemods/failed-result.js';

import { readSource } from './read-file.js';

const MARK = 'TODO(mirrorscope)';

/**
 * Migrates one file.
 *
 * @param displayPath - The path relative to the root, with forward slashes.
 * @param environment - The run.
 * @returns The result for the report.
 */
export async function migrateFile(displayPath: string, environment: RunEnvironment): Promise<ReportedFile> {
  let text: string;
  try {
    text = readSource(path.resolve(environment.root, displayPath), displayPath);
  } catch (error) {
    return { result: failedResult(displayPath, error), todoMarks: 0 };
  }
  return migrateReadText(displayPath, text, environment);
}

/**
 * Migrates the text of a file that has already been read.
 *
 * @param displayPath - The path relative to the root, with forward slashes.
 * @param text - The text, with its byte-order mark if it has one.
 * @param environment - The run.
 * @returns The result for the report.
 */
export async function migrateReadText(
  displayPath: string,
  text: string,
  environment: RunEnvironment,
): Promise<ReportedFile> {
  try {
    return reportedFile(text, await migrateTextIn(environment, displayPath, text));
  } catch (error) {
    return reportedFile(text, failedResult(displayPath, error));
  }
}

/**
 * Makes the entry of a file in the report.
 *
 * @param original - The text before the run.
 * @param result - The engine's result.
 * @returns The entry; it has the original text only where the file changed.
 */
export function reportedFile(original: string, result: ReportedFile['result']): ReportedFile {
  const todoMarks = countMarks(result.output ?? original);
  return result.output === undefined ? { result, todoMarks } : { result, original, todoMarks };
}

function countMarks(text: string): number {
  return text.split(MARK).length - 1;
}
