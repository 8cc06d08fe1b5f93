/** Reads a block as if the `with tf.device(...)` statements around model code were removed. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { statementsOf } from '../../analysis/statements.js';
import { childByField, descendants, namedChildren, type PyNode } from '../../syntax/node.js';

/** The only context of a `with tf.device(...):` statement, or undefined for any other statement. */
export function deviceOf(module: PythonModule, statement: PyNode): PyNode | undefined {
  if (statement.type !== 'with_statement') return undefined;
  const items = statement.children.filter((child) => child.type === 'with_clause').flatMap(namedChildren);
  const value = items.length === 1 && items[0] !== undefined ? childByField(items[0], 'value') : undefined;
  if (value?.type !== 'call') return undefined;
  const callee = childByField(value, 'function');
  if (callee === undefined) return undefined;
  const isDevice =
    module.origins.of(callee).some((origin) => /^tensorflow(\.compat\.v[12])?\.(device|device_scope)$/.test(origin)) ||
    /^(tf|K\.tf|tensorflow)\.device$/.test(module.source.textOf(callee));
  return isDevice ? value : undefined;
}

/** The `strategy.scope()` call of a `with` statement that enters the scope of a strategy. */
export function strategyScopeOf(module: PythonModule, statement: PyNode): PyNode | undefined {
  if (statement.type !== 'with_statement') return undefined;
  for (const node of statement.children
    .filter((child) => child.type === 'with_clause')
    .flatMap((clause) => [...descendants(clause)])) {
    if (
      node.type === 'call' &&
      /\.scope$/.test(module.source.textOf(childByField(node, 'function') ?? node)) &&
      namedChildren(childByField(node, 'arguments') ?? node).length === 0
    ) {
      return node;
    }
  }
  return undefined;
}

/** Whether a block is the body of a device scope. */
export function isDeviceBody(module: PythonModule, block: PyNode): boolean {
  return block.parent !== undefined && deviceOf(module, block.parent) !== undefined;
}

/** A statement of the flattened block, with the device scopes around it. */
export interface FlatStatement {
  readonly node: PyNode;
  readonly devices: readonly PyNode[];
}

/** Replaces each device scope that `removesDevice` accepts by its own statements. */
export function flattenDeviceScopes(
  module: PythonModule,
  block: PyNode,
  removesDevice: (statement: PyNode) => boolean,
  devices: readonly PyNode[] = [],
): FlatStatement[] {
  return statementsOf(block).flatMap((node) => {
    const body = childByField(node, 'body');
    if (body !== undefined && deviceOf(module, node) !== undefined && removesDevice(node))
      return flattenDeviceScopes(module, body, removesDevice, [...devices, node]);
    return [{ node, devices }];
  });
}
