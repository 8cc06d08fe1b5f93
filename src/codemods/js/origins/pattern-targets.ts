/** Maps each name of a destructuring pattern to the member that it reads. Pure. */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { keyName, type Node } from '../syntax/syntax-tree.js';

export interface PatternTarget {
  readonly identifier: TSESTree.Identifier;
  /** Member names, from the whole value down. */
  readonly path: readonly string[];
  /** The property or rest element that binds the name; `undefined` if the pattern is just a name. */
  readonly property: Node | undefined;
}

/** The names in a pattern, without those below computed keys and array elements, whose path is unknown. */
export function patternTargets(pattern: Node, path: readonly string[] = [], property?: Node): PatternTarget[] {
  switch (pattern.type) {
    case AST_NODE_TYPES.Identifier:
      return [{ identifier: pattern, path, property }];
    case AST_NODE_TYPES.AssignmentPattern:
      return patternTargets(pattern.left, path, property);
    case AST_NODE_TYPES.ObjectPattern:
      return pattern.properties.flatMap((each) => {
        if (each.type === AST_NODE_TYPES.RestElement) return patternTargets(each.argument, path, each);
        const name = keyName(each);
        return name === undefined ? [] : patternTargets(each.value, [...path, name], each);
      });
    default:
      return [];
  }
}
