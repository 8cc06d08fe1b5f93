/** Recognizes statements that load modules. Pure. */
import type { Origins } from '../../../origins/origin.js';
import type { JavaScriptSource } from '../../../syntax/parse.js';
import type { Node } from '../../../syntax/syntax-tree.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

/** Whether a statement imports a module, or declares what `require` or `import()` returns. */
export function isLoadingStatement(statement: Node): boolean {
  return (
    statement.type === AST_NODE_TYPES.ImportDeclaration ||
    statement.type === AST_NODE_TYPES.TSImportEqualsDeclaration ||
    (statement.type === AST_NODE_TYPES.VariableDeclaration && statement.declarations.some(({ init }) => isLoad(init)))
  );
}

/** Whether new modules are to be loaded with `import` rather than `require`. */
export function usesImportStatements({ ast, moduleSystem }: JavaScriptSource, { sources }: Origins): boolean {
  if (ast.body.some(({ type }) => type === AST_NODE_TYPES.ImportDeclaration)) return true;
  if (moduleSystem === 'commonjs') return false;
  // A TypeScript file without imports that calls `require` continues to do so.
  return !sources.some(({ node }) => node.type === AST_NODE_TYPES.CallExpression);
}

function isLoad(init: TSESTree.Expression | null): boolean {
  let value: Node | null = init;
  while (value?.type === AST_NODE_TYPES.MemberExpression || value?.type === AST_NODE_TYPES.AwaitExpression)
    value = value.type === AST_NODE_TYPES.MemberExpression ? value.object : value.argument;
  if (value?.type === AST_NODE_TYPES.ImportExpression) return true;
  return (
    value?.type === AST_NODE_TYPES.CallExpression &&
    value.callee.type === AST_NODE_TYPES.Identifier &&
    value.callee.name === 'require'
  );
}
