/**
 * Regular expressions for Python code that names an attribute or imports a name. For code without strings and comments.
 * Pure.
 */

/** White space and line continuations, wherever the grammar allows them between tokens. */
export const WHITE_SPACE = String.raw`[\s\u0085\u200B\u2060\\]*`;

/** The imported names, at least up to the end of the statement. */
const IMPORTED_NAMES = String.raw`(?:${WHITE_SPACE}\((?:[^)#]|#[^\n]*)*?|(?:[^\n\\]|\\\r?\n?)*?)`;

/**
 * Matches code through which `to` is reached from `from`.
 *
 * That is `a.b`; an import of `b`, or of all names, from `a`; or `import a as c`, after which the code says `c.b`.
 *
 * @param from - The source of a regular expression for the outer name.
 * @param to - The same for the name inside it.
 */
export function linkPattern(from: string, to: string): RegExp {
  return new RegExp(
    `\\b${from}${WHITE_SPACE}(?:\\.${WHITE_SPACE}${to}\\b|import\\b${IMPORTED_NAMES}(?:\\b${to}\\b|\\*)|as\\b)`,
  );
}

/** Matches `.name`. */
export function attributePattern(name: string): RegExp {
  return new RegExp(`\\.${WHITE_SPACE}${name}\\b`);
}

/** Matches `name=` in an argument list. At the start of a line it is an assignment, unless the list continues there. */
export function keywordPattern(names: readonly string[]): RegExp {
  return new RegExp(`(?:[(,\\\\]${WHITE_SPACE}|[^\\s][^\\S\\n]*)\\b(?:${names.join('|')})${WHITE_SPACE}=`);
}
