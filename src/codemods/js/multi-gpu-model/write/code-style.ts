/** Detects the style of a file: indentation, semicolons, quotes, language. Pure. */
import type { JavaScriptSource } from '../../syntax/parse.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { indentUnit } from '../../../edits/newlines.js';

export interface CodeStyle {
  /** One level of indentation. */
  readonly indent: string;
  /** `;` or nothing. */
  readonly semicolon: string;
  readonly isTypeScript: boolean;
}

export function codeStyleOf(source: JavaScriptSource): CodeStyle {
  return {
    indent: indentUnit(source.text),
    semicolon: semicolonOf(source),
    isTypeScript: /\.[cm]?tsx?$/i.test(source.path),
  };
}

/** `;` if most statements of the file end with it, otherwise nothing. */
function semicolonOf({ text, ast }: JavaScriptSource): string {
  let withSemicolon = 0;
  let without = 0;
  const count = (statement: TSESTree.Node): void => {
    switch (statement.type) {
      case AST_NODE_TYPES.ExpressionStatement:
      case AST_NODE_TYPES.VariableDeclaration:
      case AST_NODE_TYPES.ImportDeclaration:
      case AST_NODE_TYPES.ReturnStatement:
        if (text[statement.range[1] - 1] === ';') withSemicolon += 1;
        else without += 1;
        break;
      default:
    }
  };
  for (const statement of ast.body) {
    count(statement);
    if (statement.type === AST_NODE_TYPES.FunctionDeclaration) statement.body.body.forEach(count);
  }
  return withSemicolon >= without ? ';' : '';
}

/** The quote that most strings of the file use. */
export function preferredQuote({ ast, text }: JavaScriptSource): '"' | "'" {
  let double = 0;
  let single = 0;
  for (const token of ast.tokens ?? []) {
    const type: string = token.type;
    if (type !== 'String') continue;
    if (text[token.range[0]] === '"') double += 1;
    else single += 1;
  }
  return double > single ? '"' : "'";
}
