/** Reads the kind of definition that a variable has. Pure. */
import type { Definition, Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/types';

type DefinitionKind = 'import' | 'parameter' | 'variable' | 'other';

/** The declarator of a variable from `const`, `let` or `var`. */
export function declaratorOf(variable: Variable): TSESTree.VariableDeclarator | undefined {
  const [definition] = variable.defs;
  return definition !== undefined && isVariableDefinition(definition) ? definition.node : undefined;
}

/** Whether an import, a parameter, or a `const`, `let` or `var` defines a variable; `undefined` for globals. */
export function definitionKind(variable: Variable): DefinitionKind | undefined {
  const [definition] = variable.defs;
  if (definition === undefined) return undefined;
  // ESLint's scope manager and typescript-eslint's use equal strings, but only the latter has an enum.
  const type: string = definition.type;
  switch (type) {
    case 'ImportBinding':
      return 'import';
    case 'Parameter':
      return 'parameter';
    case 'Variable':
      return 'variable';
    default:
      return 'other';
  }
}

function isVariableDefinition(
  definition: Definition,
): definition is Extract<Definition, { readonly node: TSESTree.VariableDeclarator }> {
  const type: string = definition.type;
  return type === 'Variable';
}
