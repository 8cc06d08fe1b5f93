/** Finds the code that loads a module: imports, exports, `require`, `import()`, import types. Pure. */
import type { Names } from '../syntax/names.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { ModuleSource, OriginQuery } from './origin.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { literalString, type Node, walk } from '../syntax/syntax-tree.js';

/** The module sources of a file in source order, with local modules if the query can redirect them. */
export function collectModuleSources(source: JavaScriptSource, names: Names, query: OriginQuery): ModuleSource[] {
  const sources: ModuleSource[] = [];
  walk(source.ast, source.visitorKeys, (node) => {
    const literal = moduleLiteral(node, names);
    const module = literal === undefined ? undefined : literalString(literal);
    if (literal === undefined || module === undefined) return;
    if (query.isModule(module) || query.redirect !== undefined) sources.push({ module, literal, node });
  });
  return sources;
}

function moduleLiteral(node: Node, names: Names): Node | undefined {
  switch (node.type) {
    case AST_NODE_TYPES.ImportDeclaration:
    case AST_NODE_TYPES.ExportAllDeclaration:
    case AST_NODE_TYPES.ImportExpression:
      return node.source;
    case AST_NODE_TYPES.ExportNamedDeclaration:
      return node.source ?? undefined;
    case AST_NODE_TYPES.TSImportType:
      return node.source;
    case AST_NODE_TYPES.TSExternalModuleReference:
      return node.expression;
    case AST_NODE_TYPES.CallExpression:
      return node.arguments.length === 1 && isRequire(node.callee, names) ? node.arguments[0] : undefined;
    default:
      return undefined;
  }
}

/** Whether a callee is `require`, or a variable that `createRequire` initializes. */
function isRequire(callee: Node, names: Names): boolean {
  if (callee.type !== AST_NODE_TYPES.Identifier) return false;
  const variable = names.variableOf(callee);
  if (variable === undefined || variable.defs.length === 0) return callee.name === 'require';
  const definition = variable.defs[0]?.node as Node | undefined;
  if (definition?.type !== AST_NODE_TYPES.VariableDeclarator) return false;
  return definition.init?.type === AST_NODE_TYPES.CallExpression && isCreateRequire(definition.init.callee);
}

function isCreateRequire(callee: TSESTree.Expression): boolean {
  if (callee.type === AST_NODE_TYPES.Identifier) return callee.name === 'createRequire';
  return (
    callee.type === AST_NODE_TYPES.MemberExpression &&
    callee.property.type === AST_NODE_TYPES.Identifier &&
    callee.property.name === 'createRequire'
  );
}
