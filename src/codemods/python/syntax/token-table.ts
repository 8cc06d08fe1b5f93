/** The tokens of the grammar that need no access to the parser. Data only; a test compares it with the grammar. */

/** Tokens whose text is their name, that never have a role in their parent, and whose name no other node has. */
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

/** Named nodes that are one token, so they have no children. */
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
