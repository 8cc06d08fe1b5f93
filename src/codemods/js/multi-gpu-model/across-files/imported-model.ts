/** Finds the import of a model, and the variable that a module exports. Pure. */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { AccessPath } from '../analyze/access-path.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { moduleExportName, type Node } from '../../syntax/syntax-tree.js';
import { plainVariable } from '../analyze/access-path.js';

export interface ImportedModel {
  /** The name under which the other module exports the model. */
  readonly name: string;
  readonly specifier: TSESTree.ImportSpecifier | TSESTree.ImportDefaultSpecifier;
  readonly declaration: TSESTree.ImportDeclaration;
}

/** The import of a model, if it is a named import or the only default import of its declaration. */
export function importedModel(path: AccessPath): ImportedModel | undefined {
  const [definition] = plainVariable(path)?.defs ?? [];
  const specifier: Node | undefined = definition?.node;
  const declaration: Node | null | undefined = definition?.parent;
  if (declaration?.type !== AST_NODE_TYPES.ImportDeclaration) return undefined;
  if (specifier?.type === AST_NODE_TYPES.ImportSpecifier)
    return { name: moduleExportName(specifier.imported), specifier, declaration };
  if (specifier?.type === AST_NODE_TYPES.ImportDefaultSpecifier && declaration.specifiers.length === 1)
    return { name: 'default', specifier, declaration };
  return undefined;
}

/** The variable that a module declares and exports under a name; not what it re-exports. */
export function exportedVariable({ ast }: JavaScriptSource, name: string, names: Names): Variable | undefined {
  for (const statement of ast.body) {
    if (statement.type === AST_NODE_TYPES.ExportDefaultDeclaration) {
      if (name === 'default' && statement.declaration.type === AST_NODE_TYPES.Identifier)
        return names.variableOf(statement.declaration);
      continue;
    }
    if (statement.type !== AST_NODE_TYPES.ExportNamedDeclaration || statement.source !== null) continue;
    const specifier = statement.specifiers.find(({ exported }) => moduleExportName(exported) === name);
    if (specifier !== undefined) return names.variableOf(specifier.local);
    if (statement.declaration?.type !== AST_NODE_TYPES.VariableDeclaration) continue;
    const declared = statement.declaration.declarations
      .flatMap((declarator) => names.declaredBy(declarator))
      .find((variable) => variable.name === name);
    if (declared !== undefined) return declared;
  }
  return undefined;
}
