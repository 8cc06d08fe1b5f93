/** Reads the type of a value from a TypeScript annotation. Pure. */
import type { Origins } from '../origins/origin.js';
import type { KnownType } from './known-type.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { certain } from './known-type.js';
import { pathOf, typeNames } from './origin-types.js';

const ARRAY_TYPES: ReadonlySet<string> = new Set(['Array', 'ReadonlyArray']);

/** `tf.Tensor2D`, `Tensor[]`, `Array<tf.Tensor>`, `tf.Tensor | undefined`. */
export function annotatedType(annotation: TSESTree.TypeNode, origins: Origins): KnownType | undefined {
  switch (annotation.type) {
    case AST_NODE_TYPES.TSTypeReference: {
      const { typeName, typeArguments } = annotation;
      const origin = origins.originOf(typeName);
      if (origin !== undefined) return certain(typeNames(origin).get(pathOf(origin)));
      const [element] = typeArguments?.params ?? [];
      const isArray = typeName.type === AST_NODE_TYPES.Identifier && ARRAY_TYPES.has(typeName.name);
      return isArray && element !== undefined ? arrayOf(element, origins) : undefined;
    }
    case AST_NODE_TYPES.TSArrayType:
      return arrayOf(annotation.elementType, origins);
    case AST_NODE_TYPES.TSTypeOperator:
      return annotation.typeAnnotation === undefined ? undefined : annotatedType(annotation.typeAnnotation, origins);
    case AST_NODE_TYPES.TSUnionType: {
      const types = annotation.types.filter((type) => !isNothing(type)).map((type) => annotatedType(type, origins));
      const [first] = types;
      return types.every((type) => type !== undefined && type.type === first?.type) ? first : undefined;
    }
    default:
      return undefined;
  }
}

function arrayOf(element: TSESTree.TypeNode, origins: Origins): KnownType | undefined {
  return annotatedType(element, origins)?.type === 'Tensor' ? certain('Tensor[]') : undefined;
}

function isNothing({ type }: TSESTree.TypeNode): boolean {
  return type === AST_NODE_TYPES.TSNullKeyword || type === AST_NODE_TYPES.TSUndefinedKeyword;
}
