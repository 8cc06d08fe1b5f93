/**
 * The concrete syntax tree as plain objects, with every token, and offsets in UTF-16 code units. A copy of the parser's
 * tree, so that nothing depends on WebAssembly memory. Pure.
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

/** The first child with a role. */
export function childByField(node: PyNode, field: string): PyNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** Every child with a role, in order. */
export function childrenByField(node: PyNode, field: string): PyNode[] {
  return node.children.filter((child) => child.field === field);
}

/** The named children, without comments. */
export function namedChildren(node: PyNode): PyNode[] {
  return node.children.filter((child) => child.named && child.type !== 'comment');
}

/** The node and all below it, parents first, in source order. */
export function* descendants(node: PyNode): Generator<PyNode> {
  // An explicit stack, because nested generators cost their depth at every step.
  const stack = [node];
  for (let current = stack.pop(); current !== undefined; current = stack.pop()) {
    yield current;
    for (let index = current.children.length - 1; index >= 0; index--) {
      const child = current.children[index];
      if (child !== undefined) stack.push(child);
    }
  }
}

/** The nearest node that `accept` accepts: the node itself or one of its ancestors. */
export function closest(node: PyNode | undefined, accept: (node: PyNode) => boolean): PyNode | undefined {
  for (let current = node; current !== undefined; current = current.parent) {
    if (accept(current)) return current;
  }
  return undefined;
}

/** Whether `outer` contains `inner`, or is the same node. */
export function contains(outer: PyNode, inner: PyNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
