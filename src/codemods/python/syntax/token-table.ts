/** What the grammar says of tokens, so that it need not be asked of each one. Data only; a test holds it against the grammar. */

/** Tokens that are written as they are called, never have a role in their parent, and share their name with no other node. */
export const PLAIN_TOKENS: ReadonlySet<string> = new Set([
  ...['(', ')', '[', ']', '{', '}', '.', ':', '=', '->', ':=', ';'],
  ...[
    'as',
    'assert',
    'async',
    'break',
    'class',
    'continue',
    'def',
    'del',
    'elif',
    'else',
    'except',
    'finally',
    'for',
    'from',
    'global',
  ],
  ...['if', 'import', 'nonlocal', 'not', 'pass', 'raise', 'return', 'try', 'while', 'with'],
]);

/** Named nodes that are one token: nothing stands below them. */
export const NAMED_TOKENS: ReadonlySet<string> = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'comment',
  'string_start',
  'string_end',
  'escape_sequence',
]);
