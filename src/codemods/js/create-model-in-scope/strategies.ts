/** Finds the strategies that a file creates, and whether the file uses them. Pure. */
import type { FunctionsInFile } from '../values/functions-in-file.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { RUNTIME_MODULE, STRATEGY_CLASSES } from '../lifecycle/vocabulary-table.js';
import { memberPath, type Origins } from '../origins/origin.js';
import { isTransparentWrapper, type Node } from '../syntax/syntax-tree.js';

import { followValue } from './value-flow.js';

/** A strategy that the file creates. */
export interface StrategyInFile {
  /** `new MirroredStrategy(…)`. */
  readonly creation: TSESTree.NewExpression;
  readonly className: string;
  /** The variable that holds it, if there is one. */
  readonly name: string | undefined;
  /** Whether no code calls `scope` on it and no other code can reach it. */
  readonly isUnused: boolean;
}

export function findStrategies(origins: Origins, functions: FunctionsInFile): StrategyInFile[] {
  return origins.references.flatMap((reference) => {
    const className = memberPath(reference.origin.path).join('.');
    const { parent } = reference.node;
    if (reference.origin.module !== RUNTIME_MODULE || !STRATEGY_CLASSES.has(className)) return [];
    if (parent?.type !== AST_NODE_TYPES.NewExpression || parent.callee !== reference.node) return [];
    const uses = followValue(parent, origins.names, functions);
    const entered = uses.methodCalls.some((call) => call.name === 'scope');
    return [{ creation: parent, className, name: variableName(parent), isUnused: !entered && !uses.escapes }];
  });
}

function variableName(creation: Node): string | undefined {
  let node: Node = creation;
  while (
    node.parent !== undefined &&
    (isTransparentWrapper(node.parent, node) || node.parent.type === AST_NODE_TYPES.ConditionalExpression)
  ) {
    node = node.parent;
  }
  const { parent } = node;
  return parent?.type === AST_NODE_TYPES.VariableDeclarator && parent.id.type === AST_NODE_TYPES.Identifier
    ? parent.id.name
    : undefined;
}
