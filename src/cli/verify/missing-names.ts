/**
 * Adds to a run what its programs take from TensorFlow, Keras and NumPy and the installed packages do not have. Reads
 * the Python files of the run; writes none.
 */
import type { Finding } from '../../codemods/result.js';
import type { ReportedFile } from '../../report/run-report.js';
import type { ScanOutcome } from '../../scan/scan.js';
import type { CheckedText, MissingName } from '../../verify/names/missing-name.js';
import type { CommandIo } from '../command-io.js';

import { pluralize } from '../../report/pluralize.js';
import { readSource } from '../../scan/read-file.js';
import { comparePaths, relativePath } from '../../scan/walk.js';
import { findMissingNames } from '../../verify/names/find-missing-names.js';
import { originalPositions } from '../../verify/names/original-position.js';
import { PACKAGES } from '../../verify/names/shadowed-packages.js';
import { findPython } from '../../verify/python-interpreter.js';

/** The name under which reports list these findings. */
const CHECK = 'installed-names';

const MENTIONS_A_PACKAGE = new RegExp(`\\b(?:${PACKAGES.join('|')})\\b`);

/** Which texts to check. */
export interface NamesSettings {
  readonly root: string;
  /** Whether to check the texts as they are; otherwise as they are after the run. */
  readonly asTheyAre: boolean;
}

/**
 * Looks up the names of all Python files of a run.
 *
 * @param files - The files of the run.
 * @param outcome - Which files were read.
 * @param settings - Which texts to check.
 * @param io - The environment variables and standard error.
 * @returns The files with a finding for each name that does not exist.
 * @throws {MirrorscopeError} `PYTHON_UNAVAILABLE` without a Python that has TensorFlow.
 */
export async function withMissingNames(
  files: readonly ReportedFile[],
  { scanned }: Pick<ScanOutcome, 'scanned'>,
  { root, asTheyAre }: NamesSettings,
  { environment, stderr }: Pick<CommandIo, 'environment' | 'stderr'>,
): Promise<readonly ReportedFile[]> {
  const known = new Map(files.map((file) => [file.result.path, file]));
  const paths = scanned.filter((file) => /\.(?:py|ipynb)$/i.test(file));
  const texts = paths.flatMap((file) => {
    const path = relativePath(root, file);
    const text = (asTheyAre ? undefined : known.get(path)?.result.output) ?? readText(file, path);
    return text !== undefined && MENTIONS_A_PACKAGE.test(text) ? [{ path, text }] : [];
  });
  if (texts.length === 0) return files;
  const python = findPython({ root, environment, withPackage: 'tensorflow' });
  const repository = paths.map((file) => relativePath(root, file));
  const { missing, versions } = await findMissingNames(texts, { python, root, repository, environment });
  const packages = [...versions].map(([name, version]) => `${name} ${version}`).join(', ');
  stderr.write(
    `mirrorscope: looked up the names in ${pluralize(texts.length, 'Python file', 'Python files')}: ${packages}\n`,
  );
  return merged(known, texts, missing, asTheyAre);
}

function readText(file: string, path: string): string | undefined {
  try {
    return readSource(file, path);
  } catch {
    // The run has reported the file, if it matters to it.
    return undefined;
  }
}

function merged(
  known: ReadonlyMap<string, ReportedFile>,
  texts: readonly CheckedText[],
  missing: readonly MissingName[],
  asTheyAre: boolean,
): readonly ReportedFile[] {
  const all = new Map(known);
  for (const { path } of texts) {
    const own = missing.filter((name) => name.path === path);
    if (own.length === 0) continue;
    const file = all.get(path) ?? { result: { path, status: 'unchanged', findings: [] }, todoMarks: 0 };
    all.set(path, (asTheyAre ? withFindings : withFindingsAfter)(file, own.map(asFinding)));
  }
  return [...all.values()].sort((one, other) => comparePaths(one.result.path, other.result.path));
}

function asFinding({ name, message, start, end }: MissingName): Finding {
  return { migration: CHECK, api: name, message, disposition: 'report', start, end };
}

/** Adds findings in the text of a file, except where it has others. */
function withFindings(file: ReportedFile, added: readonly Finding[]): ReportedFile {
  const { result } = file;
  return {
    ...file,
    result: { ...result, findings: inOrder([...result.findings, ...besides(result.findings, added)]) },
  };
}

/** Adds findings in the text that a file has after the run. */
function withFindingsAfter(file: ReportedFile, added: readonly Finding[]): ReportedFile {
  const { result, original } = file;
  const { output, remaining = [] } = result;
  if (output === undefined || original === undefined) return withFindings(file, added);
  const after = besides(remaining, added);
  const toOriginal = originalPositions({ original, output });
  const before = after.map((finding) => ({
    ...finding,
    start: toOriginal(finding.start),
    end: toOriginal(finding.end),
  }));
  return {
    ...file,
    result: {
      ...result,
      findings: inOrder([...result.findings, ...before]),
      remaining: inOrder([...remaining, ...after]),
    },
  };
}

/** The findings that begin within no other one: that one names the same thing. */
function besides(others: readonly Finding[], added: readonly Finding[]): readonly Finding[] {
  return added.filter(({ start }) => !others.some((other) => covers(other, start.offset)));
}

function covers({ start, end }: Finding, offset: number): boolean {
  return start.offset <= offset && offset < end.offset;
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((one, other) => one.start.offset - other.start.offset);
}
