/**
 * Looks up the names that programs take from TensorFlow, Keras and NumPy in the installed packages. Starts Python,
 * which imports these packages and runs nothing of the programs.
 */
import type { Position } from '../../codemods/result.js';
import type { CheckedText, MissingName } from './missing-name.js';

import path from 'node:path';

import { positionInNotebook } from '../../codemods/notebook/map-edits.js';
import { readNotebookCode } from '../../codemods/notebook/source.js';
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { isInside } from '../../files/inside.js';
import { NAMES_SCRIPT } from '../python-files.js';
import { runPython } from '../python-process.js';

import { PythonPositions } from './python-positions.js';
import { PACKAGES, ShadowedPackages } from './shadowed-packages.js';

/** Where to look. */
export interface NameSearch {
  /** The interpreter, as `findPython` returns it. */
  readonly python: string;
  /** Absolute path of the folder of the run. */
  readonly root: string;
  /** The paths of all Python files of the repository: it may bring a package of one of these names itself. */
  readonly repository: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** What was found. */
export interface NameReport {
  readonly missing: readonly MissingName[];
  /** The versions of the packages that are installed, by package. */
  readonly versions: ReadonlyMap<string, string>;
}

/** A use as Python reports it. */
interface FoundUse {
  readonly path: string;
  readonly name: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

/** The Python code of a text, and where it stands. */
interface PythonCode {
  readonly code: string;
  readonly positions: PythonPositions;
  readonly toText: (position: Position, side: 'start' | 'end') => Position;
}

const TIMEOUT_MILLISECONDS = 600_000;

/** Programs choose legacy Keras for `tensorflow.keras` with this variable before they import TensorFlow. */
const CHOOSES_LEGACY_KERAS = /TF_USE_LEGACY_KERAS['"]\s*(?:\]\s*=|,)\s*['"]?(?:1|true)/i;

/**
 * Looks names up.
 *
 * @param texts - The programs and notebooks. Those that do not parse are left out.
 * @param search - Where to look.
 * @returns The uses of names that do not exist, in the order of the texts.
 * @throws {MirrorscopeError} `PYTHON_UNAVAILABLE` when the interpreter fails.
 */
export async function findMissingNames(texts: readonly CheckedText[], search: NameSearch): Promise<NameReport> {
  const shadowed = new ShadowedPackages(search.repository);
  const codes = new Map(texts.map((checked) => [checked.path, codeOf(checked)]));
  const files = [...codes].flatMap(([name, code]) =>
    code === undefined ? [] : [{ path: name, text: code.code, roots: shadowed.installedFor(name) }],
  );
  const isLegacy = files.some(({ text }) => CHOOSES_LEGACY_KERAS.test(text));
  const outcome = await runPython({
    python: search.python,
    // Without compiled files beside the sources.
    args: ['-B', NAMES_SCRIPT],
    // The current folder of the program must not be searched for modules.
    directory: path.dirname(NAMES_SCRIPT),
    environment: { ...outsideOf(search.root, search.environment), ...(isLegacy && { TF_USE_LEGACY_KERAS: '1' }) },
    input: JSON.stringify({ files, roots: PACKAGES }),
    timeout: TIMEOUT_MILLISECONDS,
  });
  if (outcome.exitCode !== 0) {
    const why = outcome.timedOut ? 'it took longer than ten minutes' : outcome.stderrTail.trim();
    throw new MirrorscopeError(ErrorCode.PythonUnavailable, `${search.python} failed to look names up: ${why}`);
  }
  const { failures, versions } = JSON.parse(outcome.stdout) as {
    failures: FoundUse[];
    versions: Record<string, string>;
  };
  return {
    missing: failures.flatMap((found) => {
      const code = codes.get(found.path);
      return code === undefined ? [] : [missingName(found, code)];
    }),
    versions: new Map(Object.entries(versions)),
  };
}

function codeOf({ path: name, text }: CheckedText): PythonCode | undefined {
  const plain = text.replace(/^\uFEFF/, '');
  if (!name.toLowerCase().endsWith('.ipynb'))
    return { code: plain, positions: new PythonPositions(plain), toText: (position) => position };
  try {
    const notebook = readNotebookCode(name, plain);
    return {
      code: notebook.code,
      positions: new PythonPositions(notebook.code),
      toText: ({ offset }, side) => positionInNotebook(notebook, offset, side),
    };
  } catch {
    // The migrations report a notebook that cannot be read.
    return undefined;
  }
}

function missingName(found: FoundUse, { positions, toText }: PythonCode): MissingName {
  const { path: name, name: api, message, line, column, endLine, endColumn } = found;
  const start = positions.at({ line, column });
  const end = positions.at({ line: endLine ?? line, column: endColumn ?? column });
  return { path: name, name: api, message, start: toText(start, 'start'), end: toText(end, 'end') };
}

/** The variables for Python, without folders of the repository in which it would look for modules. */
function outsideOf(root: string, { PYTHONPATH, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const folders = (PYTHONPATH ?? '').split(path.delimiter);
  const kept = folders.filter((folder) => path.isAbsolute(folder) && !isInside(folder, root));
  return { ...environment, ...(kept.length > 0 && { PYTHONPATH: kept.join(path.delimiter) }) };
}
