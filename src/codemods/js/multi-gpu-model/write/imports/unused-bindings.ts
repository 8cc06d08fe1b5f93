/** Finds the names that nothing uses after the wraps are removed. Pure. */
import type { Binding, Origins } from '../../../origins/origin.js';
import type { Node } from '../../../syntax/syntax-tree.js';
import type { WrapCall } from '../../find/multi-gpu-uses.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { isExported, multiGpuName } from '../../find/multi-gpu-uses.js';

/** The code that the migration removes. */
export interface RemovedUses {
  readonly origins: Origins;
  readonly wrapCalls: readonly WrapCall[];
  /** Whether the migration also removes a node outside the wraps. */
  readonly isRemoved: (node: Node) => boolean;
}

/** The bindings that only removed code uses, and aliases that only such bindings use. */
export function unusedBindings({ origins, wrapCalls, isRemoved }: RemovedUses): Binding[] {
  const removed = new Set<Node>(wrapCalls.map(({ reference }) => reference.base));
  const candidates = new Set<Binding>(
    origins.bindings.filter(({ origin, typeOnly }) => multiGpuName(origin) !== undefined && !typeOnly),
  );
  for (const { reference } of wrapCalls) {
    for (let { binding } = reference; binding !== undefined; binding = binding.from) candidates.add(binding);
  }
  const unused = new Set<Binding>();
  const isUnused = (binding: Binding): boolean =>
    isRemovable(binding) &&
    origins.names
      .referencesTo(binding.variable)
      .every(({ identifier, init }) => init === true || removed.has(identifier) || isRemoved(identifier));
  // Each pass may remove the initializer of an alias, and with it the last use of another name.
  for (let previous = -1; previous !== unused.size;) {
    previous = unused.size;
    for (const binding of candidates) {
      if (unused.has(binding) || !isUnused(binding)) continue;
      unused.add(binding);
      const initialized = binding.node.type === AST_NODE_TYPES.VariableDeclarator ? binding.node : binding.declaration;
      for (const { outermost, base } of origins.references)
        if (initialized !== undefined && outermost.parent === initialized) removed.add(base);
    }
  }
  return [...unused];
}

function isRemovable(binding: Binding): boolean {
  const { kind, node, declaration } = binding;
  if (isExported(binding)) return false;
  if (kind === 'variable') return node.type === AST_NODE_TYPES.VariableDeclarator && node.init !== null;
  if (kind !== 'destructured') return true;
  const pattern = node.parent;
  return (
    declaration?.type === AST_NODE_TYPES.VariableDeclarator &&
    pattern?.type === AST_NODE_TYPES.ObjectPattern &&
    declaration.id === pattern &&
    // A rest element would also collect the removed property.
    !pattern.properties.some(({ type }) => type === AST_NODE_TYPES.RestElement)
  );
}
