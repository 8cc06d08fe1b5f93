/**
 * The concrete syntax tree as plain objects: offsets in UTF-16 code units, every token present.
 * Copied out of the parser once, so that nothing afterwards depends on WebAssembly memory.
 */

/** One node or token. `type` is the grammar's name for it, e.g. `call`, `identifier`, `"if"`. */
export interface PyNode {
  readonly type: string;
  readonly named: boolean;
  /** The role in the parent, e.g. `left` of an assignment. */
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly parent: PyNode | undefined;
  readonly children: readonly PyNode[];
}

/** The first child in a role. */
export function childByField(node: PyNode, field: string): PyNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** Every child in a role, in order. */
export function childrenByField(node: PyNode, field: string): PyNode[] {
  return node.children.filter((child) => child.field === field);
}

/** Named children without comments. */
export function namedChildren(node: PyNode): PyNode[] {
  return node.children.filter((child) => child.named && child.type !== 'comment');
}

/** The node and all below it, parents first, in source order. */
export function* descendants(node: PyNode): Generator<PyNode> {
  // With a stack of its own: a generator inside a generator costs its depth at every step.
  const stack = [node];
  for (let current = stack.pop(); current !== undefined; current = stack.pop()) {
    yield current;
    for (let index = current.children.length - 1; index >= 0; index--) stack.push(current.children[index] as PyNode);
  }
}

/** The nearest node at or above `node` for which `accept` holds. */
export function closest(node: PyNode | undefined, accept: (node: PyNode) => boolean): PyNode | undefined {
  for (let current = node; current !== undefined; current = current.parent) {
    if (accept(current)) return current;
  }
  return undefined;
}

/** Whether `inner` is `outer` or stands inside it. */
export function contains(outer: PyNode, inner: PyNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
