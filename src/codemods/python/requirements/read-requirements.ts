/** Reads the requirements of Keras and TensorFlow from the manifests of a Python project. Pure. */
import { parseRange, type VersionRange } from './version-range.js';

/** A file in which a project declares its requirements. */
export interface Manifest {
  readonly name: string;
  readonly text: string;
}

/** One requirement of Keras or TensorFlow. */
export interface Requirement {
  /** `tf-keras` is legacy Keras, a separate package. */
  readonly package: 'keras' | 'tensorflow' | 'tf-keras';
  readonly range: VersionRange;
  /** The requirement as written, for messages: `keras>=3.3`. */
  readonly text: string;
  /** The name of the manifest. */
  readonly file: string;
}

const PACKAGES: ReadonlyMap<string, Requirement['package']> = new Map([
  ['keras', 'keras'],
  ['tf-keras', 'tf-keras'],
  ['tensorflow', 'tensorflow'],
  ['tensorflow-gpu', 'tensorflow'],
  ['tensorflow-cpu', 'tensorflow'],
  ['tensorflow-macos', 'tensorflow'],
  ['tensorflow-rocm', 'tensorflow'],
  ['intel-tensorflow', 'tensorflow'],
]);

const NAME = '(tf[-_]keras|keras|tensorflow(?:[-_](?:gpu|cpu|macos|rocm))?|intel[-_]tensorflow)';
const VERSION = String.raw`(?:===?|~=|!=|>=?|<=?|\^|~|=) ?v?\d[\w.*+=]*`;
/** Between two versions stands something that is part of neither, so that there is one way to read them. */
const VERSIONS = String.raw`(?:${VERSION}(?:(?: ?, ?| |(?=[<>!~^]))${VERSION})* ?,?)?`;

/** Longer lines are no requirements. This bounds the time of each pattern, which sees single spaces only. */
const MAX_LINE_LENGTH = 1000;

/** `keras[extra] (>=3.3, <4)` on a line of its own, after a dash (conda) or in quotes (setup.py, pyproject.toml). */
const LINE = new RegExp(
  String.raw`^ ?(?:- ?|\w+ ?= ?)?["']?${NAME} ?(?:\[[^\]]*\])? ?\(? ?(${VERSIONS})\)? ?["']? ?(?:;.*|@.*|--.*|\\)?,?$`,
  'gim',
);
const QUOTED = new RegExp(
  String.raw`(["']) ?${NAME} ?(?:\[[^\]"']*\])? ?\(? ?(${VERSIONS})\)? ?(?:;[^"']*)?\1(?! ?:)`,
  'gi',
);
/** `keras = "^3.0"` and `keras = {version = "^3.0", extras = [...]}`, in Pipfile and for Poetry. */
const TABLE = new RegExp(String.raw`^ ?["']?${NAME}["']? ?= ?(?:\{[^}\n]*\bversion ?= ?)?(["'])([^"'\n]*)\2`, 'gim');

/** The requirements of all manifests, in order. Ignores comments. */
export function readRequirements(manifests: readonly Manifest[]): Requirement[] {
  return manifests.flatMap(({ name, text }) => {
    const found: Requirement[] = [];
    const code = withoutComments(text)
      .split('\n')
      .filter(({ length }) => length <= MAX_LINE_LENGTH)
      .map((line) => line.replace(/\s+/g, ' '))
      .join('\n');
    const add = (written: string, specifier: string): void => {
      const known = PACKAGES.get(written.toLowerCase().replaceAll('_', '-'));
      const trimmed = specifier.trim().replace(/,$/, '');
      const shown =
        trimmed === '' || trimmed === '*'
          ? written
          : /^\d/.test(trimmed)
            ? `${written} ${trimmed}`
            : `${written}${trimmed}`;
      if (known !== undefined) found.push({ package: known, range: parseRange(trimmed), text: shown, file: name });
    };
    const isTable = /\.toml$|^Pipfile$/.test(name);
    if (isTable) for (const [, written = '', , specifier = ''] of code.matchAll(TABLE)) add(written, specifier);
    if (isTable || name.endsWith('.py'))
      for (const [, , written = '', specifier = ''] of code.matchAll(QUOTED)) add(written, specifier);
    if (!isTable && !name.endsWith('.py'))
      for (const [, written = '', specifier = ''] of code.matchAll(LINE)) add(written, specifier);
    return found;
  });
}

function withoutComments(text: string): string {
  return text.replace(/(^|\s)#.*$/gm, '$1').replaceAll('\r', '');
}
